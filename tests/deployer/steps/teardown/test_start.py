"""Protection ends, and a note says what is owned, before anything is lost."""

from deployer.record.owned_resources import OwnedResources, read_note
from deployer.steps.teardown.start import LiftProtection, RecordTeardown, Unprotect
from tests.deployer.fakes.environment import template_set
from tests.deployer.fakes.running import Running


def test_protection_is_taken_off_with_services_at_zero() -> None:
    """The facts name what may be emptied now."""
    running = Running()
    step = Unprotect(reason="it is protected", bucket="templates", templates=template_set())
    facts = step.execute(running.context, running.facts())
    (order,) = running.world.session.cloudformation.orders.values()
    assert (order.parameters["SchedulerCount"], order.parameters["WebserverCount"]) == ("0", "0")
    assert facts.owned.buckets == ("code",)


def test_a_stopped_database_is_started_before_its_protection_is_taken_off() -> None:
    """RDS modifies nothing that is stopped, so that the change set would fail."""
    running = Running()
    session = running.world.session
    session.rds.states["db-1"] = ["stopped", "stopped", "starting", "available"]
    step = Unprotect(reason="it is protected", bucket="templates", templates=template_set())
    step.execute(running.context, running.facts())
    assert (session.rds.started, session.rds.states["db-1"]) == (["db-1"], [])
    assert session.cloudformation.orders


def test_protection_is_lifted_without_a_change_set() -> None:
    """The stack cannot be updated."""
    running = Running()
    running.world.session.rds.protected = {"db-1"}
    LiftProtection(reason="it cannot be updated").execute(running.context, running.facts())
    assert running.world.session.rds.protected == set()
    assert not running.world.session.cloudformation.orders


def test_the_note_outlives_the_stack() -> None:
    """The next teardown reads it, and a deploy waits until it is gone."""
    running, owned = Running(), OwnedResources(buckets=("code",))
    RecordTeardown(reason="it may be killed", bucket="templates").execute(running.context, running.facts(owned=owned))
    assert read_note(running.world.session.as_session, "templates", "demo") == owned
