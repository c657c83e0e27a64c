"""An RDS instance is its own identity, never starts empty, and is started when it is stopped."""

import pytest

from deployer.databases import rds
from deployer.databases.kind import SnapshotFailure
from tests.deployer.fakes.environment import World, environment, outputs_of


def test_an_instance_is_identified_by_its_id() -> None:
    """CloudFormation waited for it already."""
    world = World()
    assert rds.identity(world.session.as_session, outputs_of(world)) == "db-1"
    assert rds.known_identity(outputs_of(world)) == "db-1"


def test_an_instance_never_starts_empty() -> None:
    """The replacement guard refuses a replacement."""
    assert not rds.starts_empty(environment(), changes=True)


def test_an_instance_that_is_stopped_is_started_and_waited_for() -> None:
    """It is asleep until it answers."""
    world = World()
    outputs = outputs_of(world)
    world.session.rds.states["db-1"] = ["stopped", "stopped", "starting", "available"]
    assert rds.is_asleep(world.session.as_session, outputs, ())
    rds.wake(world.session.as_session, outputs)
    assert world.session.rds.started == ["db-1"]
    assert not rds.is_asleep(world.session.as_session, outputs, ())


def test_a_snapshot_is_waited_for() -> None:
    """One of the name that is there is not taken twice."""
    world = World()
    for _ in range(2):
        rds.take_snapshot(world.session.as_session, outputs_of(world), "s", {})
    assert world.session.rds.begun == {"s": "available"}


@pytest.mark.parametrize(("state", "told"), [("failed", "it is failed"), ("creating", "it is not ready")])
def test_a_snapshot_that_does_not_become_available_is_told(state: str, told: str) -> None:
    """At once where it failed, after two hours otherwise."""
    world = World()
    world.session.rds.begun["s"] = state
    with pytest.raises(SnapshotFailure, match=told):
        rds.take_snapshot(world.session.as_session, outputs_of(world), "s", {})
