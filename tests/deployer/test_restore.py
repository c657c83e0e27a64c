"""The backups of the instance that Airflow uses are found, or it is said why there are none."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deployer.aws.rds import RestoreWindow
from deployer.aws.stacks import Resource
from deployer.deploy import deploy
from deployer.restore import Deployed, RestoreRefusal, find_backups
from spec.errors import Refusal
from tests.deployer.fakes.environment import Images, World, environment, template_set, write_home
from tests.deployer.fakes.session import Recorder

MOMENT = datetime(2026, 11, 29, 7, 30, tzinfo=UTC)
REACHED = {"db-DB1": RestoreWindow(MOMENT, MOMENT)}


def _world(home: Path, logical_id: str = "Instance", **more: str) -> World:
    world = World()
    deploy(
        environment(),
        template_set(),
        world.session.as_session,
        images=Images(),
        progress=Recorder(),
        airflow_home=write_home(home),
    )
    fake = world.session.cloudformation
    stack = fake.stacks["demo"]
    fake.stacks["demo"] = replace(stack, outputs={**stack.outputs, **more})
    instance = Resource(logical_id=logical_id, physical_id="db-1", type="AWS::RDS::DBInstance", status="")
    fake.members["demo-storage"] += (instance,)
    return world


@pytest.mark.parametrize(("logical_id", "generation"), [("Instance", 1), ("Instance2", 2), ("Instance13", 13)])
def test_the_instance_that_serves_is_found(tmp_path: Path, logical_id: str, generation: int) -> None:
    """With what no other instance ever has, and how many were before it."""
    world = _world(tmp_path, logical_id)
    world.session.rds.windows = REACHED
    found = find_backups(environment(), world.session.as_session, MOMENT)
    assert found == Deployed(path=f"Storage/{logical_id}", instance="db-DB1", generation=generation)


def test_backups_that_do_not_reach_the_moment_are_told(tmp_path: Path) -> None:
    """With both ends, so that the next try is right."""
    world = _world(tmp_path)
    world.session.rds.windows = REACHED
    with pytest.raises(RestoreRefusal) as refusal:
        find_backups(environment(), world.session.as_session, MOMENT.replace(hour=8))
    assert "from 2026-11-29T07:30:00Z to 2026-11-29T07:30:00Z" in refusal.value.why


def test_a_container_has_no_backups(tmp_path: Path) -> None:
    """RDS has nothing to do with it."""
    world = _world(tmp_path, DatabaseService="database")
    with pytest.raises(RestoreRefusal, match="in a container, of which RDS keeps no backups"):
        find_backups(environment(), world.session.as_session, MOMENT)


def test_what_is_not_deployed_has_nothing_to_go_back_to() -> None:
    """It is said before RDS is asked."""
    with pytest.raises(Refusal, match="is not deployed"):
        find_backups(environment(), World().session.as_session, MOMENT)
