"""What sleeps is woken to as many tasks as the stack says."""

from deployer.steps.services.wake import Wake
from tests.deployer.fakes.running import Running


def test_services_at_zero_are_started() -> None:
    """The step looks again: only those that sleep by now."""
    running = Running()
    ecs = running.world.session.ecs
    ecs.scale("cluster", "Scheduler", 0)
    Wake(reason="it sleeps outside its office hours", services=("Scheduler",)).execute(running.context, running.facts())
    assert {name: service.desired for name, service in ecs.running.items()} == {"Scheduler": 1, "Webserver": 1}
    assert running.progress.phases == ["wake"]


def test_an_environment_that_woke_meanwhile_is_left_alone() -> None:
    """Its schedule may have been quicker."""
    running = Running()
    Wake(reason="it slept", services=("Scheduler",)).execute(running.context, running.facts())
    assert running.progress.phases == []
