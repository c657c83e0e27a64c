"""A deploy outside office hours wakes what sleeps, the database first."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, datetime

import pytest

from deployer.aws.ecs import Container, Service
from deployer.databases.kind import WakeFailure
from deployer.health.airflow_health import WebHealth
from deployer.health.verify import Health, ServiceHealth
from deployer.health.wake import is_asleep, wake
from tests.deployer.fakes.ecs import FakeEcs, task
from tests.deployer.fakes.environment import World, environment, outputs_of
from tests.deployer.fakes.session import Recorder

COUNTS = {"scheduler": 1, "webserver": 2}


@pytest.fixture
def world() -> World:
    """Scheduler and web server at zero."""
    world = World()
    for name in ("Scheduler", "Webserver"):
        world.session.ecs.running[name] = Service(
            name=name, status="ACTIVE", desired=0, running=0, pending=0, rollout="COMPLETED", older=0
        )
    return world


def _wake(world: World, progress: Recorder, states: Sequence[str] = ()) -> bool:
    world.session.rds.states["db-1"] = list(states)
    outputs = outputs_of(world, SchedulerService="Scheduler", WebserverService="Webserver", AsleepRule="rule")
    return wake(world.session.as_session, outputs, COUNTS, progress)


def test_services_wake_to_their_counts(world: World) -> None:
    """As many as the stack says."""
    assert _wake(world, Recorder())
    assert {name: service.desired for name, service in world.session.ecs.running.items()} == {
        "Scheduler": 1,
        "Webserver": 2,
    }


def test_an_environment_that_is_awake_is_left_alone(world: World) -> None:
    """No phase, no call that changes anything."""
    _wake(world, Recorder())
    progress = Recorder()
    assert not _wake(world, progress)
    assert progress.phases == []


def test_browsers_are_led_to_the_web_server_before_it_starts(world: World) -> None:
    """Also where somebody else has started it: that is no waking, but something has changed."""
    balancer = world.session.load_balancer
    balancer.told = {"rule"}
    with pytest.raises(WakeFailure):
        _wake(world, Recorder(), ["starting"] * 10_000)
    assert balancer.told == set()
    world.session.rds.states.clear()
    _wake(world, Recorder())
    balancer.told = {"rule"}
    progress = Recorder()
    assert _wake(world, progress)
    assert (balancer.told, progress.phases) == (set(), [])


@pytest.mark.parametrize(
    ("states", "starts"),
    [
        (("stopped", "stopped", "starting", "available"), 1),
        (("stopping", "stopping", "stopped", "starting", "available"), 1),
        (("starting", "starting", "available"), 0),
        (("backing-up",), 0),
    ],
)
def test_the_database_is_started_and_waited_for(world: World, states: tuple[str, ...], starts: int) -> None:
    """Whatever it was just doing; one that answers, while it is being backed up for example, is not waited for."""
    assert _wake(world, Recorder(), states)
    assert world.session.rds.started == ["db-1"] * starts


def test_a_database_that_does_not_start_is_an_error(world: World) -> None:
    """The wait has a limit, and the message names the database."""
    with pytest.raises(WakeFailure, match="db-1 does not become available"):
        _wake(world, Recorder(), ["starting"] * 10_000)


@pytest.mark.parametrize(
    ("day", "desired", "running", "asleep"),
    [(23, 0, 0, True), (23, 1, 1, False), (23, 0, 1, False), (24, 0, 0, False)],
)
def test_an_environment_without_tasks_outside_its_hours_is_asleep(
    day: int, desired: int, running: int, *, asleep: bool
) -> None:
    """What still ends is not asleep yet, and what is at zero by day is at fault."""
    env = environment(name='schedule: {on: "12:00-18:00 Tue", timezone: UTC}\nname')
    scheduler, database = (
        ServiceHealth(process=process, desired=count, running=counted, healthy=0, rollout="COMPLETED")
        for process, count, counted in (("scheduler", desired, running), ("database", 1, 1))
    )
    health = Health(services=(database, scheduler), targets=(), web=WebHealth(reached=False), complaints=())
    assert is_asleep(env, health.airflow_services, datetime(2026, 11, day, 13, tzinfo=UTC)) is asleep


class _Rising(FakeEcs):
    """A cluster in which the task of a database comes up when it is wanted."""

    def scale(self, cluster: str, service: str, desired: int) -> None:
        """Start it with its service."""
        super().scale(cluster, service, desired)
        postgres = Container(name="postgres", status="RUNNING", exit_code=None, reason="", health="HEALTHY")
        self.known["database"] = task("database", "definition", postgres, status="RUNNING")
        self.services_of["database"] = "Database"


@pytest.mark.parametrize(("cluster", "comes"), [(_Rising, True), (FakeEcs, False)])
def test_a_database_in_a_container_wakes_first(world: World, cluster: type[FakeEcs], *, comes: bool) -> None:
    """The services start when it is healthy; a database that never becomes healthy is an error."""
    names = ("Database", "Scheduler")
    ecs = cluster(
        running={
            name: Service(name=name, status="ACTIVE", desired=0, running=0, pending=0, rollout="COMPLETED", older=0)
            for name in names
        }
    )
    world.session.ecs = ecs
    outputs = outputs_of(world, SchedulerService="Scheduler", DatabaseService="Database")
    ending = nullcontext() if comes else pytest.raises(WakeFailure, match="does not become healthy")
    with ending:
        wake(world.session.as_session, outputs, COUNTS, Recorder())
    assert [ecs.running[name].desired for name in names] == [1, int(comes)]
