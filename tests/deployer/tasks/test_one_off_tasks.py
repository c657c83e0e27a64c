"""One-off tasks: started once, judged by the exit code of the named container, explained when they fail."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from deployer.aws.ecs import Task
from deployer.stacks.outputs import Outputs, read_outputs
from deployer.tasks.one_off_tasks import (
    OneOffTask,
    OneOffTaskFailure,
    database_task,
    run_one_off_tasks,
    task_network,
)
from deployer.tasks.sync import sync_task
from tests.deployer.fakes.ecs import FakeEcs
from tests.deployer.fakes.environment import World, environment
from tests.deployer.fakes.session import FakeSession


@pytest.fixture
def world() -> World:
    """Stacks with outputs."""
    return World()


@pytest.fixture
def outputs(world: World) -> Outputs:
    """Return the outputs of a deployed environment."""
    fake = world.session.cloudformation
    stack = fake.put("demo", "CREATE_COMPLETE")
    return read_outputs(replace(stack, outputs=fake.outputs("demo", {"SchedulerCount": "0"})))


def _tasks(outputs: Outputs) -> tuple[OneOffTask, OneOffTask]:
    return sync_task(environment(), outputs, "v1"), database_task(
        environment(), outputs, "command:1", ("airflow db init",)
    )


def test_tasks_run_side_by_side(world: World, outputs: Outputs) -> None:
    """Both are started before either is waited for."""
    run_one_off_tasks(world.session.as_session, outputs, _tasks(outputs), "run-1")
    assert [definition for definition, _ in world.session.ecs.runs] == ["sync:1", "command:1"]


def test_the_same_run_starts_nothing_twice(world: World, outputs: Outputs) -> None:
    """A run that comes back after a kill joins its tasks; another run starts its own."""
    run_one_off_tasks(world.session.as_session, outputs, _tasks(outputs), "run-1")
    run_one_off_tasks(world.session.as_session, outputs, _tasks(outputs), "run-1")
    assert len(world.session.ecs.runs) == 2
    run_one_off_tasks(world.session.as_session, outputs, _tasks(outputs), "run-2")
    assert len(world.session.ecs.runs) == 4


def test_code_edited_after_a_kill_is_synced(world: World, outputs: Outputs) -> None:
    """The task that the killed run started may have read the bucket already, so the new code gets one of its own."""
    for version in ("v1", "v2", "v2"):
        run_one_off_tasks(world.session.as_session, outputs, (sync_task(environment(), outputs, version),), "run-1")
    assert len(world.session.ecs.runs) == 2


def test_a_script_stops_at_its_first_failure(outputs: Outputs) -> None:
    """The admin is not made in a database that was not initialised."""
    assert database_task(environment(), outputs, "command:1", ("a", "b")).script.splitlines()[0] == "set -e"


def test_a_lack_of_capacity_is_retried(world: World, outputs: Outputs) -> None:
    """ECS answers so with HTTP 200."""
    world.session.ecs.refusals = ["Capacity is unavailable at this time. Please try again later", "RESOURCE:ENI"]
    run_one_off_tasks(world.session.as_session, outputs, (sync_task(environment(), outputs, "v1"),), "run-1")
    assert len(world.session.ecs.runs) == 1


def test_a_lasting_lack_of_capacity_is_an_error(world: World, outputs: Outputs) -> None:
    """After ten minutes."""
    world.session.ecs.refusals = ["Capacity is unavailable"] * 1000
    with pytest.raises(OneOffTaskFailure, match="no capacity for the sync task"):
        run_one_off_tasks(world.session.as_session, outputs, (sync_task(environment(), outputs, "v1"),), "run-1")


def test_a_failure_shows_code_reason_and_last_lines(world: World, outputs: Outputs) -> None:
    """The message has all that a repair needs."""
    ecs = world.session.ecs
    ecs.exits["command:1"] = 3
    options = {"awslogs-group": "group", "awslogs-stream-prefix": "command"}
    ecs.definitions["command:1"] = {
        "family": "command",
        "containerDefinitions": [{"name": "airflow", "logConfiguration": {"options": options}}],
    }
    world.session.logs.streams["group", "command/airflow/1"] = ("connecting", "no such host: db")
    with pytest.raises(OneOffTaskFailure) as refusal:
        run_one_off_tasks(world.session.as_session, outputs, _tasks(outputs), "run-1")
    text = str(refusal.value)
    assert "The database task failed." in text
    assert "Container airflow exited with 3" in text
    assert "  no such host: db" in text


def test_a_task_that_ecs_does_not_show_for_two_minutes_is_no_success(world: World, outputs: Outputs) -> None:
    """ECS forgets stopped tasks after an hour, and nobody knows whether they worked; but a new task shows late."""
    world.session.ecs.unseen_looks = 10_000
    before = world.session.time.now()
    with pytest.raises(OneOffTaskFailure, match="does not remember"):
        run_one_off_tasks(world.session.as_session, outputs, (sync_task(environment(), outputs, "v1"),), "run-1")
    assert 120 <= world.session.time.now() - before < 130


@pytest.mark.parametrize("looks", [1, 2, 20])
def test_a_task_that_ecs_shows_late_is_waited_for(world: World, outputs: Outputs, looks: int) -> None:
    """The API of ECS is eventually consistent: the first answers after RunTask may lack the task."""
    world.session.ecs.unseen_looks = looks
    run_one_off_tasks(world.session.as_session, outputs, _tasks(outputs), "run-1")
    assert len(world.session.ecs.runs) == 2


def test_a_task_that_has_ended_is_not_asked_for_again(outputs: Outputs) -> None:
    """The other task may run for longer than the hour for which ECS remembers the first."""

    class OneAtATime(FakeEcs):
        def tasks(self, cluster: str, arns: Sequence[str]) -> tuple[Task, ...]:
            return super().tasks(cluster, arns[:1])

    session = FakeSession(ecs=OneAtATime())
    run_one_off_tasks(session.as_session, outputs, _tasks(outputs), "run-1")
    assert len(session.ecs.runs) == 2


def test_a_task_runs_where_the_environment_places_its_tasks(outputs: Outputs) -> None:
    """Its placement says whether it gets a public address."""
    network = task_network(environment(), outputs, "sg-1")
    assert (network.subnets, network.security_group) == (("subnet-1", "subnet-2"), "sg-1")
    assert network.public_address


def test_a_wait_says_every_minute_which_tasks_go_on(world: World, outputs: Outputs) -> None:
    """By their names, until it is given up."""
    world.session.ecs.lasting, told = True, list[str]()
    with pytest.raises(OneOffTaskFailure, match="did not end"):
        run_one_off_tasks(world.session.as_session, outputs, _tasks(outputs), "run-1", told.append)
    assert told[0] == "Waiting since 1 min: the sync task is RUNNING, the database task is RUNNING"
