"""A plan names the steps that have something to do."""

from deployer.plans.plan import Plan
from deployer.steps.services.restart import Restart
from deployer.steps.step import Need


def test_steps_in_doubt_count_as_steps_to_do() -> None:
    """A printed plan leaves out only steps that certainly have nothing to do."""
    steps = tuple(Restart(need=need, reason="why", version="1") for need in Need)
    assert [step.need for step in Plan(name="demo", steps=steps).steps_to_do] == [Need.YES, Need.UNKNOWN]
