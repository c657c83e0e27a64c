"""Deletion protection is lifted from what a stack still holds, and a stack that never came up is told from others."""

import pytest

from deployer.aws.stacks import STACK_TYPE, Resource
from deployer.stacks.protection import ProtectionRemains, lift_protection, never_came_up
from tests.deployer.fakes.cloudformation import arn
from tests.deployer.fakes.session import FakeSession, Recorder

BALANCER = "arn:aws:elasticloadbalancing:us-west-2:1:loadbalancer/app/demo/1"


def _resource(logical_id: str, physical_id: str, type_: str, status: str = "DELETE_FAILED") -> Resource:
    return Resource(logical_id=logical_id, physical_id=physical_id, type=type_, status=status)


def _session() -> FakeSession:
    """Return a stack with a database and a load balancer in nested stacks, both protected."""
    session = FakeSession()
    fake = session.cloudformation
    fake.put("demo", "ROLLBACK_FAILED")
    fake.members = {
        "demo": (
            _resource("Database", arn("demo-database"), STACK_TYPE),
            _resource("Edge", arn("demo-edge"), STACK_TYPE),
            _resource("Services", "", STACK_TYPE, "CREATE_FAILED"),
        ),
        "demo-database": (
            _resource("Instance", "db-1", "AWS::RDS::DBInstance"),
            _resource("Group", "group", "AWS::RDS::DBSubnetGroup"),
        ),
        "demo-edge": (_resource("LoadBalancer", BALANCER, "AWS::ElasticLoadBalancingV2::LoadBalancer"),),
    }
    session.rds.protected, session.load_balancer.protected = {"db-1"}, {BALANCER}
    return session


@pytest.mark.parametrize("status", ["CREATE_FAILED", "REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED"])
def test_a_stack_whose_creation_failed_never_came_up(status: str) -> None:
    """Its status says so."""
    session = FakeSession()
    assert never_came_up(session.as_session, session.cloudformation.put("demo", status))


@pytest.mark.parametrize("status", ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_FAILED", "DELETE_FAILED"])
def test_a_stack_without_a_failed_creation_came_up(status: str) -> None:
    """Whatever became of it later; without a sign of a failed creation, somebody may have used it."""
    session = FakeSession()
    assert not never_came_up(session.as_session, session.cloudformation.put("demo", status))


def test_the_history_of_a_failed_deletion_says_whether_the_stack_came_up() -> None:
    """The status has forgotten it."""
    session = FakeSession()
    session.cloudformation.put("demo", "ROLLBACK_IN_PROGRESS")
    assert never_came_up(session.as_session, session.cloudformation.put("demo", "DELETE_FAILED"))


def test_protection_is_lifted_through_all_nested_stacks() -> None:
    """A note says of what; the stack can be deleted then."""
    session, progress = _session(), Recorder()
    lift_protection(session.as_session, arn("demo"), progress)
    assert (session.rds.protected, session.load_balancer.protected) == (set(), set())
    assert any("db-1" in note for note in progress.notes)
    session.cloudformation.delete_stack(arn("demo"), "token")
    assert session.cloudformation.stacks["demo"].status == "DELETE_COMPLETE"


def test_an_instance_is_modified_as_soon_as_it_can_be() -> None:
    """RDS modifies no instance that is being created, starts or is stopped; a stopped one is started."""
    session = _session()
    session.rds.states = {"db-1": ["creating", "creating", "stopped", "starting", "backing-up", "backing-up"]}
    lift_protection(session.as_session, arn("demo"), Recorder())
    assert session.rds.started == ["db-1"]
    assert session.rds.protected == set()


def test_an_instance_that_cannot_be_modified_is_told() -> None:
    """After 40 minutes, with its state."""
    session = _session()
    session.rds.states = {"db-1": ["creating"] * 10_000}
    with pytest.raises(ProtectionRemains, match="creating"):
        lift_protection(session.as_session, arn("demo"), Recorder())


def test_what_is_gone_is_not_touched() -> None:
    """A rollback that got far has left less to unprotect."""
    session = _session()
    session.cloudformation.members["demo-database"] = (
        _resource("Instance", "db-1", "AWS::RDS::DBInstance", "DELETE_COMPLETE"),
    )
    lift_protection(session.as_session, arn("demo"), Recorder())
    assert session.rds.protected == {"db-1"}
