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


def test_earlier_runs_tell_how_long_it_takes() -> None:
    """Only the steps that are to do count, each phase once, and no nested stack beside its phase."""
    steps = (DeleteStack(reason="it is over"), ClearRemains(reason="nobody else does"))
    plan = Plan(name="demo", steps=steps, known={"delete": 300.0, "delete Database": 250.0, "sync": 40.0})
    assert steps_text(plan).endswith("\n  about 5m00s in all, by earlier runs")
    assert steps_data(plan)["seconds"] == 300
