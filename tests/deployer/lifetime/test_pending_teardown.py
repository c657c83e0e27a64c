"""A deploy begins when a teardown of the same environment is at its end, and never in the middle of it."""

import pytest

from deployer.lifetime.pending_teardown import TeardownUnfinished, wait_for_pending_teardown
from deployer.record.owned_resources import NOTE, OwnedResources, write_note
from deployer.stacks.rollout import RolloutFailure
from tests.deployer.fakes.session import FakeSession, Recorder

TAGS = {"windsock:environment": "demo"}


def _session(status: str | None, *, note: bool = True) -> FakeSession:
    """Return a session in which a teardown of demo got this far."""
    session = FakeSession()
    session.cloudformation.put("windsock-toolkit", "CREATE_COMPLETE", outputs={"TemplatesBucket": "templates"})
    session.s3.buckets["templates"] = {}
    if status:
        session.cloudformation.put("demo", status, tags=TAGS)
    if note:
        write_note(session.as_session, "templates", "demo", OwnedResources(clusters=("cluster",)))
    return session


def _end(session: FakeSession) -> None:
    """Let the teardown go on to its end."""
    session.cloudformation.stacks.pop("demo", None)
    session.s3.buckets["templates"].pop(f"demo/{NOTE}", None)


def test_without_a_teardown_there_is_nothing_to_wait_for() -> None:
    """A stack at rest is there to be changed, and where there is none it is to be created: at once."""
    session = _session("CREATE_COMPLETE", note=False)
    found = wait_for_pending_teardown(session.as_session, "demo", Recorder())
    assert found
    assert found.name == "demo"
    assert wait_for_pending_teardown(FakeSession().as_session, "demo", Recorder()) is None
    assert session.time.seconds == FakeSession().time.seconds


def test_a_teardown_that_drains_is_waited_for() -> None:
    """The stack still looks whole, but what is in it goes away; then it is created anew."""
    session, progress = _session("CREATE_COMPLETE"), Recorder()
    session.cloudformation.on_tick = [*[lambda: None] * 6, lambda: _end(session)]
    assert wait_for_pending_teardown(session.as_session, "demo", progress) is None
    assert progress.notes == ["demo is being torn down; waiting for the end of that."]


def test_a_stack_that_is_being_deleted_is_waited_for_without_end() -> None:
    """CloudFormation is alive however long a database takes; the clearing after it is waited for as well."""
    session, progress = _session("DELETE_IN_PROGRESS"), Recorder()
    fake = session.cloudformation

    def deleted() -> None:
        fake.stacks.pop("demo", None)
        fake.tell("demo", "DELETE_COMPLETE")

    fake.on_tick = [*[lambda: None] * 5, deleted, *[lambda: None] * 4, lambda: _end(session)]
    assert wait_for_pending_teardown(session.as_session, "demo", progress) is None
    assert "demo is being torn down; waiting for the end of that." in progress.notes


def test_a_deploy_after_a_killed_teardown_is_refused() -> None:
    """After a while without a sign of life, in one sentence and with the next step; nothing was begun."""
    session = _session(None)
    with pytest.raises(TeardownUnfinished, match="nothing was changed") as refusal:
        wait_for_pending_teardown(session.as_session, "demo", Recorder())
    assert "windsock teardown" in refusal.value.next_step
    assert session.cloudformation.orders == {}


def test_a_deploy_after_a_failed_deletion_is_refused() -> None:
    """A colleague has to look before a deploy."""
    with pytest.raises(RolloutFailure, match="DELETE_FAILED") as refusal:
        wait_for_pending_teardown(_session("DELETE_FAILED").as_session, "demo", Recorder())
    assert "windsock teardown" in refusal.value.next_step
