"""A stack reaches its target from every state that allows it; otherwise the refusal says why not."""

from dataclasses import replace

import pytest

from deployer.aws.stacks import STACK_TYPE, Resource, Stack
from deployer.stacks.change_sets import Target
from deployer.stacks.rollout import RolloutFailure, roll_out, settle
from deployer.stacks.statuses import STATES, Action
from spec.errors import Refusal
from tests.deployer.fakes.cloudformation import arn
from tests.deployer.fakes.session import FakeSession, Recorder

TRIED = "load-balancer/AWSLogs/123456789012/ELBAccessLogTestFile"
TARGET = Target(name="demo", body="Resources: {}", parameters={"A": "1"})


def _with(move: Action) -> list[str]:
    return [status for status, row in STATES.items() if row.action is move and status != "DELETE_COMPLETE"]


def test_an_absent_stack_is_created() -> None:
    """Nothing there: a CREATE change set, executed and followed."""
    session = FakeSession()
    rollout = roll_out(session.as_session, TARGET, Recorder())
    assert (rollout.changed, rollout.stack.status) == (True, "CREATE_COMPLETE")


def test_a_description_that_lags_behind_the_events_is_waited_for() -> None:
    """The outputs come with the status, and a deploy goes on with them."""
    session = FakeSession()
    session.cloudformation.stale_looks = 3
    session.cloudformation.outputs = lambda _name, _parameters: {"Url": "http://x"}
    assert roll_out(session.as_session, TARGET, Recorder()).stack.outputs == {"Url": "http://x"}


@pytest.mark.parametrize("status", _with(Action.CREATE))
def test_a_stack_without_resources_is_created(status: str) -> None:
    """A first change set that was abandoned counts as nothing there."""
    session = FakeSession()
    session.cloudformation.put("demo", status)
    assert roll_out(session.as_session, TARGET, Recorder()).stack.status == "CREATE_COMPLETE"


@pytest.mark.parametrize("status", _with(Action.UPDATE))
def test_a_stack_at_rest_is_updated(status: str) -> None:
    """A stack that was rolled back can be updated like any other."""
    session = FakeSession()
    session.cloudformation.put("demo", status)
    assert roll_out(session.as_session, TARGET, Recorder()).stack.status == "UPDATE_COMPLETE"


def test_a_stack_that_is_there_already_is_left_alone() -> None:
    """The second deploy of the same asks for no change set."""
    session = FakeSession()
    roll_out(session.as_session, TARGET, Recorder())
    assert not roll_out(session.as_session, TARGET, Recorder()).changed
    assert session.cloudformation.executed == ["demo"]


@pytest.mark.parametrize("status", _with(Action.WAIT))
def test_an_operation_in_progress_is_waited_for(status: str) -> None:
    """A deploy that comes while something goes on joins it, then does its own work."""
    session = FakeSession()
    fake = session.cloudformation
    fake.put("demo", status)

    def end() -> None:
        fake.stacks["demo"] = replace(fake.stacks["demo"], status="UPDATE_COMPLETE")
        fake.tell("demo", "UPDATE_COMPLETE")

    fake.on_tick = [lambda: None, end]
    progress = Recorder()
    assert roll_out(session.as_session, TARGET, progress).stack.status == "UPDATE_COMPLETE"
    assert any(status in note for note in progress.notes)


@pytest.mark.parametrize("status", _with(Action.RECREATE))
def test_a_failed_creation_is_deleted_and_made_again(status: str) -> None:
    """Such a stack cannot be updated; it is said that it goes."""
    session = FakeSession()
    session.cloudformation.put("demo", status)
    progress = Recorder()
    assert roll_out(session.as_session, TARGET, progress).stack.status == "CREATE_COMPLETE"
    assert session.cloudformation.deleted == ["demo"]
    assert "deleting it first" in progress.notes[0]


@pytest.mark.parametrize("status", _with(Action.RECREATE))
def test_a_failed_creation_that_holds_state_is_left_alone(status: str) -> None:
    """A database in it may be all there is of somebody's work."""
    session = FakeSession()
    session.cloudformation.put("demo", status)
    session.cloudformation.members["demo"] = (
        Resource(logical_id="Database", physical_id="db-1", type="AWS::RDS::DBInstance", status="DELETE_SKIPPED"),
    )
    with pytest.raises(RolloutFailure, match="db-1"):
        roll_out(session.as_session, TARGET, Recorder())
    assert session.cloudformation.deleted == []


def test_a_failed_creation_that_is_protected_is_deleted_and_made_again() -> None:
    """Its rollback could not delete the load balancer; nothing of it was ever used, so its protection is lifted."""
    session = FakeSession()
    session.cloudformation.put("demo", "ROLLBACK_FAILED")
    session.cloudformation.members["demo"] = (
        Resource(
            logical_id="LoadBalancer",
            physical_id="balancer",
            type="AWS::ElasticLoadBalancingV2::LoadBalancer",
            status="DELETE_FAILED",
        ),
    )
    session.load_balancer.protected = {"balancer"}
    assert roll_out(session.as_session, TARGET, Recorder()).stack.status == "CREATE_COMPLETE"


def _with_log_bucket(*keys: str) -> FakeSession:
    """Return a creation that failed, whose rollback could not delete a bucket with these objects."""
    session = FakeSession()
    session.cloudformation.put("demo", "ROLLBACK_FAILED")
    session.cloudformation.members["demo"] = (
        Resource(logical_id="LogBucket", physical_id="logs", type="AWS::S3::Bucket", status="DELETE_FAILED"),
    )
    session.s3.buckets["logs"] = dict.fromkeys(keys, b"")
    return session


def test_what_a_load_balancer_tried_its_log_bucket_with_is_no_state() -> None:
    """It fails the rollback of a creation, and would fail the deletion."""
    session = _with_log_bucket(TRIED)
    assert roll_out(session.as_session, TARGET, Recorder()).stack.status == "CREATE_COMPLETE"
    assert session.s3.buckets["logs"] == {}


def test_a_bucket_with_anything_else_is_state() -> None:
    """Somebody has used the environment, or its name was taken."""
    session = _with_log_bucket(TRIED, "load-balancer/AWSLogs/123456789012/elasticloadbalancing/one.log.gz")
    with pytest.raises(RolloutFailure, match="LogBucket"):
        roll_out(session.as_session, TARGET, Recorder())
    assert len(session.s3.buckets["logs"]) == 1
    assert session.cloudformation.deleted == []


@pytest.mark.parametrize("status", _with(Action.CONTINUE))
def test_a_failed_rollback_is_continued(status: str) -> None:
    """It is never deleted; it is rolled back to the end, then updated."""
    session = FakeSession()
    session.cloudformation.put("demo", status)
    assert roll_out(session.as_session, TARGET, Recorder()).stack.status == "UPDATE_COMPLETE"
    assert session.cloudformation.continued == ["demo"]


def _settle(session: FakeSession, progress: Recorder) -> Stack | None:
    return settle(session.as_session, "demo", session.cloudformation.stacks["demo"], progress)


def _stuck(kind: str) -> FakeSession:
    """Return a stack whose rollback fails for one resource of a nested stack, unless that is left out."""
    session = FakeSession()
    fake = session.cloudformation
    fake.put("demo", "UPDATE_ROLLBACK_FAILED")
    nested = Resource(
        logical_id="Services", physical_id=arn("demo-Services-1"), type=STACK_TYPE, status="UPDATE_FAILED"
    )
    fake.members["demo"] = (nested,)
    fake.members["demo-Services-1"] = (
        Resource(logical_id="Stuck", physical_id="stuck", type=kind, status="UPDATE_FAILED"),
        Resource(logical_id="Fine", physical_id="fine", type=kind, status="UPDATE_COMPLETE"),
    )
    fake.endings["demo"] = ["UPDATE_ROLLBACK_FAILED"]
    return session


def test_a_rollback_leaves_out_what_it_fails_for() -> None:
    """A service that somebody deleted cannot be rolled back; it is told, named below its nested stack."""
    session, progress = _stuck("AWS::ECS::Service"), Recorder()
    stack = _settle(session, progress)
    assert stack is not None
    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"
    assert session.cloudformation.skipped == ["demo-Services-1.Stuck"]
    assert progress.notes[-1] == "It cannot roll back demo-Services-1.Stuck; leaving them as they are."


def test_a_rollback_that_fails_for_state_is_left_to_the_user() -> None:
    """Nobody else knows whether the database is as it should be; the command is there."""
    session = _stuck("AWS::RDS::DBInstance")
    with pytest.raises(RolloutFailure, match="holds state") as refusal:
        _settle(session, Recorder())
    assert "--resources-to-skip demo-Services-1.Stuck" in refusal.value.next_step
    assert session.cloudformation.skipped == []


def test_a_rollback_that_fails_again_is_an_error() -> None:
    """After one try; then a colleague has to look."""
    session = FakeSession()
    session.cloudformation.put("demo", "UPDATE_ROLLBACK_FAILED")
    session.cloudformation.endings["demo"] = ["UPDATE_ROLLBACK_FAILED"]
    with pytest.raises(RolloutFailure, match="UPDATE_ROLLBACK_FAILED"):
        roll_out(session.as_session, TARGET, Recorder())


@pytest.mark.parametrize("status", [*_with(Action.REFUSE), "BRAND_NEW_STATUS"])
def test_every_other_status_is_refused(status: str) -> None:
    """Nothing is done, and the next step is named."""
    session = FakeSession()
    session.cloudformation.put("demo", status)
    with pytest.raises(RolloutFailure) as refusal:
        _settle(session, Recorder())
    assert refusal.value.next_step
    assert "{" not in refusal.value.next_step


def test_a_lost_answer_is_no_failure() -> None:
    """The SDK repeats a call whose answer was lost; the second refusal means that the first call arrived."""
    session = FakeSession()
    session.cloudformation.lost_answers = 1
    assert roll_out(session.as_session, TARGET, Recorder()).stack.status == "CREATE_COMPLETE"


def test_a_rolled_back_update_tells_the_cause() -> None:
    """The first specific reason is shown, not the cascade."""
    session = FakeSession()
    fake = session.cloudformation
    fake.put("demo", "CREATE_COMPLETE")
    fake.endings["demo"] = ["UPDATE_ROLLBACK_COMPLETE"]
    fake.failures = [
        (Resource(logical_id="Late", physical_id="b", type="AWS::X::Y", status=""), "Resource update cancelled"),
        (Resource(logical_id="Queue", physical_id="a", type="AWS::SQS::Queue", status=""), "quota of 5 is used up"),
    ]
    with pytest.raises(RolloutFailure, match=r"Queue \(AWS::SQS::Queue\): quota of 5 is used up") as refusal:
        roll_out(session.as_session, TARGET, Recorder())
    assert "cancelled" not in str(refusal.value)


def test_a_review_that_refuses_stops_everything() -> None:
    """The change set is deleted, the stack is as it was."""
    session = FakeSession()
    session.cloudformation.put("demo", "CREATE_COMPLETE")

    def review(*_: object) -> None:
        raise Refusal("no")

    with pytest.raises(Refusal, match="no"):
        roll_out(session.as_session, TARGET, Recorder(), review)
    assert session.cloudformation.executed == []
    assert len(session.cloudformation.deleted_change_sets) == 1


def test_a_warning_of_the_validation_is_shown_before_the_execution() -> None:
    """The change set is executed all the same."""
    session, progress = FakeSession(), Recorder()
    session.cloudformation.findings["demo"] = ("AWS::EC2::VPC: no room",)
    roll_out(session.as_session, Target(name="demo", body="Resources: {}"), progress)
    assert progress.notes == ["CloudFormation warns: AWS::EC2::VPC: no room"]
    assert session.cloudformation.stacks["demo"].status == "CREATE_COMPLETE"
