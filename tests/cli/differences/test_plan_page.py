"""The plan that people say yes to."""

from dataclasses import replace

from cli.differences.plan_page import plan_page
from deployer.plans.deploy import plan_deploy
from deployer.plans.deployed_templates import deployed_templates
from deployer.plans.observed import Observed
from tests.deployer.fakes.environment import STORAGE, environment, template_set
from tests.deployer.fakes.observed import CODE, absent, deployed


def _page(observed: Observed, storage: str = STORAGE) -> str:
    templates = template_set(storage)
    allowed = frozenset({"Storage/CodeBucket"})
    plan = plan_deploy(environment(), templates, CODE, observed, allowed=allowed)
    return plan_page(plan, deployed_templates(observed, templates), templates)


def test_a_first_deploy_is_all_new() -> None:
    """Its resources are counted; its steps say why they are there."""
    lines = _page(absent()).splitlines()
    assert lines[0] == "Plan for demo"
    assert "  provision  it is not deployed yet" in lines
    assert "  image      if needed: the repository may hold it already" in lines
    assert "Everything is new: 2 resources." in lines
    assert not any(line.startswith("Added") for line in lines)


def test_a_change_is_shown_as_diff_shows_it() -> None:
    """And how many tasks each service will have, where that changes."""
    observed = replace(deployed(), nested_templates={"Storage": "Resources: {}\n"}, services=())
    page = _page(observed)
    assert "Added\n  Storage/CodeBucket (AWS::S3::Bucket)" in page
    assert "Services\n  webserver: 0 -> 1 tasks\n  scheduler: 0 -> 1 tasks" in page


def test_a_loss_that_is_allowed_is_named() -> None:
    """Before everything else that changes."""
    observed = replace(deployed(), nested_templates={"Storage": STORAGE})
    page = _page(observed, STORAGE.replace("CodeBucket", "Renamed"))
    assert "Lost, as you allowed\n  Storage/CodeBucket: would be removed" in page


def test_no_change_is_said() -> None:
    """The steps that look all the same remain."""
    page = _page(deployed())
    assert "No resource of its templates changes" in page
    assert "verify" in page


def test_a_plan_that_is_not_the_last_says_nothing_of_what_comes_after() -> None:
    """A stack that is at work is neither new nor unchanged, and nobody knows yet what it will be."""
    stack = deployed().stack
    assert stack is not None
    page = _page(replace(deployed(), stack=replace(stack, status="UPDATE_ROLLBACK_FAILED")))
    assert page.endswith("What changes besides is planned once that is done.")
    assert "Everything is new" not in page
    assert "A month costs" not in page
