"""A database in a container is its files or its task, and starts empty when it has no files."""

import dataclasses

import pytest

from deployer.aws.ecs import Container, Service
from deployer.databases import container
from deployer.databases.kind import DatabaseRefusal, SnapshotFailure
from deployer.stacks.outputs import Outputs
from spec.environment import Environment
from tests.deployer.fakes.ecs import task
from tests.deployer.fakes.environment import World, environment, outputs_of

TASK = "arn:aws:ecs:us-west-2:123456789012:task/cluster/9"


def _env(storage: str) -> Environment:
    more = f'database: {{kind: container, version: "15", storage: {storage}}}\nname: demo\n'
    return environment(**{"name: demo\n": more})


def _outputs(world: World, database: str) -> Outputs:
    return dataclasses.replace(outputs_of(world), database=database, database_service="Database")


def _healthy(world: World, arn: str = TASK) -> None:
    postgres = Container(name="database", status="RUNNING", exit_code=None, reason="", health="HEALTHY")
    world.session.ecs.known[arn] = task(arn, "database:1", postgres, status="RUNNING", group="service:Database")
    world.session.ecs.services_of[arn] = "Database"


def test_a_container_with_files_is_identified_by_its_files() -> None:
    """Whichever task serves them."""
    world = World()
    _healthy(world)
    outputs = _outputs(world, "fsap-1")
    assert container.identity(world.session.as_session, outputs) == "fsap-1"
    assert container.known_identity(outputs) == "fsap-1"


def test_a_container_without_files_is_identified_by_its_task() -> None:
    """Another task is another, empty database; only a call to ECS says which task runs."""
    world = World()
    _healthy(world)
    outputs = _outputs(world, "")
    assert container.identity(world.session.as_session, outputs) == TASK
    assert container.known_identity(outputs) == ""


def test_a_container_that_does_not_start_is_refused() -> None:
    """After ten minutes, before anything is done to it."""
    world = World()
    before = world.session.time.seconds
    with pytest.raises(DatabaseRefusal, match="does not come up"):
        container.identity(world.session.as_session, _outputs(world, ""))
    assert world.session.time.seconds - before >= 600


@pytest.mark.parametrize(
    ("storage", "changes", "empty"),
    [
        ("ephemeral", True, True),
        ("ephemeral", False, False),
        ("efs", True, False),
    ],
)
def test_an_ephemeral_database_whose_template_changes_starts_empty(storage: str, *, changes: bool, empty: bool) -> None:
    """Then services wait at zero, as in a new environment; files on the file system stay where they are."""
    assert container.starts_empty(_env(storage), changes=changes) is empty


@pytest.mark.parametrize(("desired", "asleep"), [(0, True), (1, False)])
def test_a_service_at_zero_is_asleep(desired: int, *, asleep: bool) -> None:
    """Only that of the database counts."""
    world = World()
    services = (
        Service(
            name="Database", status="ACTIVE", desired=desired, running=desired, pending=0, rollout="COMPLETED", older=0
        ),
        Service(
            name="Scheduler", status="ACTIVE", desired=1 - desired, running=0, pending=0, rollout="COMPLETED", older=0
        ),
    )
    assert container.is_asleep(world.session.as_session, _outputs(world, "fsap-1"), services) is asleep


def test_a_container_has_no_snapshots() -> None:
    """Whoever wants one reads why."""
    world = World()
    outputs = outputs_of(world, DatabaseService="Database")
    with pytest.raises(SnapshotFailure, match="a container"):
        container.take_snapshot(world.session.as_session, outputs, "s", {})
