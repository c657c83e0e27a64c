"""A deploy ends with a look at the environment."""

from deployer.steps.services.verify import Verify
from tests.deployer.fakes.running import Running


def test_a_healthy_environment_is_a_fact() -> None:
    """Otherwise the step raises."""
    running = Running()
    health = Verify(reason="CloudFormation does not look").execute(running.context, running.facts()).health
    assert health is not None
    assert (health.complaints, running.progress.phases) == ((), ["verify"])
