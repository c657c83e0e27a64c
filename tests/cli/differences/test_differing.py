"""The comparison with its causes and costs."""

from dataclasses import replace
from pathlib import Path

import pytest

from cli.compiling.compiled import Compiled, compile_yaml
from cli.differences.against import Against
from cli.differences.differing import OTHER_TEMPLATES, Differing, differing
from spec.errors import SpecRefusal

SMALL, LARGE = "db.t4g.micro", "db.t4g.small"


@pytest.fixture
def compiled(checkout: Path) -> Compiled:
    """Return the example with a larger database."""
    path = checkout / "env.yaml"
    path.write_text(path.read_text().replace(SMALL, LARGE))
    return compile_yaml(Path("env.yaml"))


@pytest.fixture
def against(compiled: Compiled) -> Against:
    """Return the example as it was."""
    text = compiled.path.read_text().replace(LARGE, SMALL)
    return Against(words="main", file="main:env.yaml", yaml=text)


def _causes(found: Differing) -> set[str]:
    changes = [change for resource in found.difference.resources for change in resource.properties]
    return {cause.partition(" (")[0] for change in changes for cause in change.causes}


def test_both_costs_are_known_with_both_yamls(compiled: Compiled, against: Against) -> None:
    """And the key that makes the difference."""
    found = differing(compiled, against, None)
    assert found.monthly_before is not None
    assert found.monthly_after > found.monthly_before
    assert _causes(found) == {"database.instance"}


def test_reviewed_templates_count_and_are_a_cause(compiled: Compiled, against: Against) -> None:
    """They are what is deployed, whatever this Windsock makes of the same YAML."""
    files = {name: text.replace("Timeout: 30", "Timeout: 31") for name, text in compiled.templates.files.items()}
    changed = [name for name, text in files.items() if text != compiled.templates.files[name]]
    assert changed
    reviewed = replace(compiled.templates, files=files)
    found = differing(compiled, replace(against, reviewed=reviewed), None)
    assert OTHER_TEMPLATES in _causes(found)


def test_a_yaml_of_another_name_is_compared_under_this_one(compiled: Compiled, against: Against) -> None:
    """Else every name in it would differ; it is said."""
    other = replace(against, yaml=(against.yaml or "").replace("name: demo", "name: prod"))
    found = differing(compiled, other, None)
    assert found.notices == ("main:env.yaml is the environment prod; here it is compared as if it were demo.",)
    assert _causes(found) == {"database.instance"}


def test_a_branch_is_compared_with_the_same_branch(checkout: Path, compiled: Compiled, against: Against) -> None:
    """Of both YAMLs."""
    assert checkout.is_dir()
    found = differing(compile_yaml(compiled.path, "fix"), against, "fix")
    assert found.environment == "demo-fix"
    assert [resource.path for resource in found.difference.resources] == ["Database/Instance"]


def test_a_yaml_that_is_refused_now_leaves_its_templates(compiled: Compiled, against: Against) -> None:
    """The causes are unknown then, and that is said; without templates the refusal stands."""
    refused = replace(against, yaml="name: [\n")
    found = differing(compiled, replace(refused, reviewed=compiled.templates), None)
    assert not found.difference
    assert "main:env.yaml" in found.notices[0]
    with pytest.raises(SpecRefusal):
        differing(compiled, refused, None)


def test_templates_alone_have_a_cost(compiled: Compiled) -> None:
    """As what is deployed, whose YAML is not on AWS; where nothing is, there was none."""
    found = differing(compiled, Against(words="what is deployed", reviewed=compiled.templates), None)
    assert (found.monthly_before, bool(found.difference)) == (found.monthly_after, False)
    nothing = replace(compiled.templates, files={}, nested=())
    assert differing(compiled, Against(words="nothing", reviewed=nothing), None).monthly_before is None
