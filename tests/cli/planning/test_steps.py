"""The steps of a plan, for people and for scripts."""

from cli.planning.steps import steps_data, steps_text
from deployer.plans.plan import Plan
from deployer.steps.step import Need
from deployer.steps.teardown.clear import ClearRemains
from deployer.steps.teardown.delete import DeleteStack


def test_a_step_that_may_have_nothing_to_do_says_so() -> None:
    """The others give their reason alone."""
    plan = Plan(name="demo", steps=(DeleteStack(reason="it is over"), ClearRemains(reason="nobody else does")))
    assert steps_text(plan) == "Plan for demo\n  delete  it is over\n  clear   if needed: nobody else does"
    assert [step["need"] for step in steps_data(plan)["steps"]] == [Need.YES.value, Need.UNKNOWN.value]


def test_a_plan_without_steps_has_nothing_to_do() -> None:
    """In words."""
    assert steps_text(Plan(name="demo", steps=())) == "Plan for demo\n  nothing to do"
