"""A saved plan is executed as it was reviewed, or not at all."""

from dataclasses import replace
from pathlib import Path

import pytest

from deployer.plans.deploy import plan_deploy
from deployer.plans.observed import Observed
from deployer.plans.saved_plan import SavedPlan, SavedPlanRefusal, read, refuse_moved, saved, write
from tests.deployer.fakes.environment import environment, template_set
from tests.deployer.fakes.observed import CODE, absent, deployed


def _saved(observed: Observed, storage: str | None = None) -> SavedPlan:
    templates = template_set(storage) if storage else template_set()
    return saved(plan_deploy(environment(), templates, CODE, observed), observed, templates)


def test_a_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    """And the same world gives the same plan, whenever that is."""
    write(_saved(deployed()), tmp_path / "plan.json")
    later = replace(deployed(), now=deployed().now.replace(year=2030))
    refuse_moved(read(tmp_path / "plan.json"), _saved(later))


def test_a_world_that_has_moved_is_refused() -> None:
    """With what is not as it was: another deploy, other templates, other code."""
    with pytest.raises(SavedPlanRefusal, match="what is deployed"):
        refuse_moved(_saved(absent()), _saved(deployed()))
    with pytest.raises(SavedPlanRefusal, match="the templates"):
        refuse_moved(_saved(absent()), _saved(absent(), "Resources: {}\n"))
    with pytest.raises(SavedPlanRefusal, match="the code"):
        refuse_moved(_saved(absent()), replace(_saved(absent()), code="other"))


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"environment": "demo", "more": 1}', "\xff"])
def test_what_is_no_plan_is_refused(tmp_path: Path, text: str) -> None:
    """Whatever stands in the file, and where there is none."""
    file = tmp_path / "plan.json"
    file.write_text(text, encoding="latin-1")
    with pytest.raises(SavedPlanRefusal, match="is no plan"):
        read(file)
    with pytest.raises(SavedPlanRefusal, match="no file"):
        read(tmp_path / "other.json")
