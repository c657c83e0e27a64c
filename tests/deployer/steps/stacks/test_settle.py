"""A stack comes to rest before anything is planned on it."""

from deployer.steps.stacks.settle import AwaitOperation, Settle
from tests.deployer.fakes.running import Running


def test_a_failed_creation_is_deleted() -> None:
    """The environment is then to be created."""
    running = Running()
    running.world.session.cloudformation.put("demo", "ROLLBACK_COMPLETE")
    running.world.session.cloudformation.members["demo"] = ()
    facts = Settle(reason="the stack is ROLLBACK_COMPLETE").execute(running.context, running.facts())
    assert facts.stack is None
    assert running.world.session.cloudformation.deleted == ["demo"]


def test_a_deletion_that_was_waited_for_is_reported() -> None:
    """The report says that the stack is gone, also when another run began the deletion."""
    running = Running()
    fake = running.world.session.cloudformation
    fake.put("demo", "DELETE_IN_PROGRESS")

    def deleted() -> None:
        fake.stacks.pop("demo", None)
        fake.tell("demo", "DELETE_COMPLETE")

    fake.on_tick = [lambda: None, deleted]
    before = running.facts(stack=None)
    facts = AwaitOperation(reason="the stack is DELETE_IN_PROGRESS").execute(running.context, before)
    assert [(item.kind, item.name) for item in facts.report.deleted] == [("stack", "demo")]
    assert running.progress.notes == ["Stack demo is DELETE_IN_PROGRESS; waiting for it to come to rest."]


def test_a_stack_at_rest_is_not_waited_for() -> None:
    """It may have come to rest since the plan was made."""
    running = Running()
    facts = running.facts()
    assert AwaitOperation(reason="it was busy").execute(running.context, facts) == facts
    assert running.progress.notes == []
