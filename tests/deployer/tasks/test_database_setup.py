"""A database is initialised once; one that came back empty is another."""

import dataclasses

import pytest

from deployer.aws.ecs import Container
from deployer.aws.stacks import Stack
from deployer.record.deploy_state import DeployState
from deployer.stacks.outputs import Outputs, read_outputs
from deployer.stacks.upload_templates import UploadedTemplates
from deployer.tasks.database_setup import DatabaseRefusal, database_tasks, present_database, starts_empty
from spec.environment import Environment
from tests.deployer.fakes.ecs import task
from tests.deployer.fakes.environment import World, environment
from tests.deployer.fakes.session import Recorder

TASK = "arn:aws:ecs:us-west-2:123456789012:task/cluster/9"
IMAGE = f"sha256:{'a' * 64}"


def _env(storage: str) -> Environment:
    more = f'database: {{kind: container, version: "15", storage: {storage}}}\nname: demo\n'
    return environment(**{"name: demo\n": more})


def _outputs(world: World, database: str = "db-1", service: str = "") -> Outputs:
    stack = Stack("id", "demo", "CREATE_COMPLETE", outputs=world.session.cloudformation.outputs("demo", {}))
    return dataclasses.replace(read_outputs(stack), database=database, database_service=service)


def _healthy(world: World, arn: str = TASK) -> None:
    container = Container("database", "RUNNING", None, "", "HEALTHY")
    world.session.ecs.known[arn] = task(arn, "database:1", container, status="RUNNING", group="service:Database")
    world.session.ecs.services_of[arn] = "Database"


def test_an_instance_is_itself() -> None:
    """Nothing is waited for: CloudFormation did."""
    world = World()
    assert present_database(world.session.as_session, _outputs(world)) == "db-1"


def test_a_container_with_files_is_its_files() -> None:
    """Whichever task serves them."""
    world = World()
    _healthy(world)
    outputs = _outputs(world, database="fsap-1", service="Database")
    assert present_database(world.session.as_session, outputs) == "fsap-1"


def test_a_container_without_files_is_its_task() -> None:
    """Another task is another database, and an empty one."""
    world = World()
    _healthy(world)
    outputs = _outputs(world, database="", service="Database")
    assert present_database(world.session.as_session, outputs) == TASK


def test_a_container_that_does_not_come_up_is_told_of() -> None:
    """After ten minutes, before anything is done to it."""
    world = World()
    outputs = _outputs(world, database="", service="Database")
    before = world.session.time.seconds
    with pytest.raises(DatabaseRefusal, match="does not come up"):
        present_database(world.session.as_session, outputs)
    assert world.session.time.seconds - before >= 600


def test_what_was_done_for_another_database_is_done_again() -> None:
    """Initialise and make the admin, as for a new environment; nothing for the one that is known."""
    world = World()
    outputs = _outputs(world)
    done = DeployState(airflow_version="2.5.3", database="task-2", image=IMAGE, admin="airflow")
    known = dataclasses.replace(done, database="task-1")
    arguments = (environment(), world.session.as_session, outputs, Recorder())
    (hook,) = database_tasks(*arguments, marker=known, done=done)
    assert "airflow db init" in hook.script
    assert "users create" in hook.script
    assert database_tasks(*arguments, marker=done, done=done) == ()


@pytest.mark.parametrize(
    ("storage", "template", "empty"),
    [
        ("ephemeral", "other.yaml", True),
        ("ephemeral", "same.yaml", False),
        ("efs", "other.yaml", False),
    ],
)
def test_an_ephemeral_database_that_is_drawn_anew_starts_empty(storage: str, template: str, *, empty: bool) -> None:
    """Then services wait at zero, as in a new environment; files on the file system stay where they are."""
    stack = Stack("id", "demo", "CREATE_COMPLETE", "", {"DatabaseTemplate": "same.yaml"})
    published = UploadedTemplates("url", {"DatabaseTemplate": template})
    assert starts_empty(_env(storage), stack, published) is empty


def test_an_instance_never_starts_empty_unasked() -> None:
    """The gate sees to that."""
    stack = Stack("id", "demo", "CREATE_COMPLETE", "", {"DatabaseTemplate": "same.yaml"})
    assert not starts_empty(environment(), stack, UploadedTemplates("url", {"DatabaseTemplate": "other.yaml"}))
