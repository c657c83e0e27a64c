"""A deploy takes a teardown back that was interrupted early, and begins on nothing that one left half cleared."""

import pytest

from deployer.lifetime.pending_teardown import TeardownUnfinished, end_pending_teardown
from deployer.record.owned_resources import OwnedResources, read_note, write_note
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


def test_without_a_teardown_there_is_nothing_to_wait_for() -> None:
    """A stack at rest is there to be changed, and where there is none it is to be created: at once."""
    session = _session("CREATE_COMPLETE", note=False)
    found = end_pending_teardown(session.as_session, "demo", Recorder())
    assert found
    assert found.name == "demo"
    assert end_pending_teardown(FakeSession().as_session, "demo", Recorder()) is None
    assert session.time.seconds == FakeSession().time.seconds


@pytest.mark.parametrize("status", ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])
def test_a_teardown_whose_stack_is_whole_is_taken_back(status: str) -> None:
    """At once, and it says so: the deploy has the lease, so nobody tears the environment down now."""
    session, progress = _session(status), Recorder()
    found = end_pending_teardown(session.as_session, "demo", progress)
    assert found is not None
    assert found.status == status
    assert read_note(session.as_session, "templates", "demo") is None
    assert "taking it back" in progress.notes[0]
    assert session.time.seconds == FakeSession().time.seconds


def test_a_stack_that_is_being_deleted_is_waited_for() -> None:
    """However long a database takes; what its teardown did not clear is named then."""
    session = _session("DELETE_IN_PROGRESS")
    fake = session.cloudformation

    def deleted() -> None:
        fake.stacks.pop("demo", None)
        fake.tell("demo", "DELETE_COMPLETE")

    fake.on_tick = [*[lambda: None] * 5, deleted]
    with pytest.raises(TeardownUnfinished):
        end_pending_teardown(session.as_session, "demo", Recorder())


def test_a_deploy_after_a_killed_teardown_is_refused() -> None:
    """At once, in one sentence and with the next step; nothing was begun, and the note stays for the teardown."""
    session = _session(None)
    with pytest.raises(TeardownUnfinished, match="nothing was changed") as refusal:
        end_pending_teardown(session.as_session, "demo", Recorder())
    assert "windsock teardown" in refusal.value.next_step
    assert session.cloudformation.orders == {}
    assert read_note(session.as_session, "templates", "demo") is not None


def test_a_deploy_after_a_failed_deletion_is_refused() -> None:
    """A colleague has to look before a deploy."""
    with pytest.raises(RolloutFailure, match="DELETE_FAILED") as refusal:
        end_pending_teardown(_session("DELETE_FAILED").as_session, "demo", Recorder())
    assert "windsock teardown" in refusal.value.next_step
