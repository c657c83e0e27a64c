"""A drained cluster has no service that starts tasks and no task that runs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import pytest

from deployer.aws.ecs import Service, Task
from deployer.lifetime.drain import DrainFailure, begin_drain, finish_drain
from deployer.record.owned_resources import OwnedResources
from tests.deployer.fakes.ecs import FakeEcs, task
from tests.deployer.fakes.session import FakeSession, Recorder

OWNED_RESOURCES = OwnedResources(
    clusters=("cluster",), services=("arn:aws:ecs:us-west-2:123456789012:service/cluster/Scheduler",)
)
STRAY, OWNED = "arn:aws:ecs:us-west-2:123456789012:task/cluster/1", "arn:aws:ecs:us-west-2:123456789012:task/cluster/2"


@dataclass
class Slow(FakeEcs):
    """A cluster whose stopped tasks need some looks to end."""

    looks: int = 3

    def stop(self, _cluster: str, arn: str, _reason: str) -> None:
        """Begin to end the task; a second call would count twice."""
        self.stopped.append(arn)

    def tasks(self, cluster: str, arns: Sequence[str]) -> tuple[Task, ...]:
        """After enough looks the tasks that were stopped have ended."""
        if self.stopped:
            self.looks -= 1
            if self.looks < 0:
                self.known = {arn: replace(one, status="STOPPED") for arn, one in self.known.items()}
        return super().tasks(cluster, arns)


class Ending(FakeEcs):
    """A cluster that lists a task with those to be stopped while it still ends, as the real one does."""

    def task_arns(self, _cluster: str, *, service: str | None = None, status: str = "RUNNING") -> tuple[str, ...]:
        """Every task is to be stopped."""
        assert service is None
        return tuple(self.known) if status == "STOPPED" else ()


def _session(ecs: FakeEcs) -> FakeSession:
    ecs.running["Scheduler"] = Service(
        name="Scheduler", status="ACTIVE", desired=1, running=1, pending=0, rollout="COMPLETED", older=0
    )
    ecs.known[OWNED] = task(OWNED, "scheduler:1", status="RUNNING", group="service:Scheduler")
    ecs.services_of[OWNED] = "Scheduler"
    return FakeSession(ecs=ecs)


def test_services_go_to_zero_by_the_names_in_their_arns() -> None:
    """Nothing starts tasks any more, and nothing has been waited for."""
    session = _session(FakeEcs())
    before = session.time.seconds
    begin_drain(session.as_session, OWNED_RESOURCES)
    assert session.ecs.running["Scheduler"].desired == 0
    assert session.time.seconds == before


def test_tasks_of_a_service_end_by_themselves() -> None:
    """ECS stops them in its own order; to stop one by hand would make the service start another."""
    session = _session(FakeEcs())
    begin_drain(session.as_session, OWNED_RESOURCES)
    progress = Recorder()
    assert finish_drain(session.as_session, OWNED_RESOURCES, progress) == 0
    assert session.ecs.stopped == []
    assert progress.notes == []


def test_tasks_of_no_service_are_stopped_and_reported() -> None:
    """A command or a sync that was left running."""
    session = _session(FakeEcs())
    session.ecs.known[STRAY] = task(STRAY, "command:1", status="RUNNING", group="family:command")
    begin_drain(session.as_session, OWNED_RESOURCES)
    progress = Recorder()
    assert finish_drain(session.as_session, OWNED_RESOURCES, progress) == 1
    assert session.ecs.stopped == [STRAY]
    assert progress.notes == ["Stopped 1 tasks that belonged to no service."]


def test_the_scheduler_goes_before_its_workers() -> None:
    """While a task of a service is still there, no other is stopped: a scheduler would start it again."""
    session = _session(FakeEcs())
    session.ecs.known[STRAY] = task(STRAY, "demo-worker:1", status="RUNNING", group="family:demo-worker")
    with pytest.raises(DrainFailure):
        finish_drain(session.as_session, OWNED_RESOURCES, Recorder())
    assert session.ecs.stopped == []
    begin_drain(session.as_session, OWNED_RESOURCES)
    assert finish_drain(session.as_session, OWNED_RESOURCES, Recorder()) == 1
    assert session.ecs.stopped == [STRAY]


def test_a_task_is_stopped_once_and_awaited() -> None:
    """It may take its two minutes to end."""
    session = _session(Slow())
    session.ecs.known[STRAY] = task(STRAY, "command:1", status="RUNNING", group="family:command")
    begin_drain(session.as_session, OWNED_RESOURCES)
    before = session.time.seconds
    assert finish_drain(session.as_session, OWNED_RESOURCES, Recorder()) == 1
    assert session.ecs.stopped == [STRAY]
    assert session.time.seconds > before


def test_a_task_that_ends_but_has_not_ended_is_waited_for() -> None:
    """It still holds its network interface, and with it the security group that is to be deleted."""
    session = FakeSession(ecs=Ending())
    session.ecs.known[OWNED] = task(OWNED, "scheduler:1", status="DEPROVISIONING", group="service:Scheduler")
    with pytest.raises(DrainFailure, match="in cluster cluster do not end"):
        finish_drain(session.as_session, OWNED_RESOURCES, Recorder())


def test_tasks_are_listed_at_the_first_look_and_at_the_last() -> None:
    """The stopped ones are those of a whole hour; in between only what has not ended is looked at."""

    class Listed(Slow):
        asked: ClassVar[list[str]] = []

        def task_arns(self, cluster: str, *, service: str | None = None, status: str = "RUNNING") -> tuple[str, ...]:
            self.asked.append(status)
            return super().task_arns(cluster, service=service, status=status)

    session = _session(Listed())
    session.ecs.known[STRAY] = task(STRAY, "command:1", status="RUNNING", group="family:command")
    begin_drain(session.as_session, OWNED_RESOURCES)
    finish_drain(session.as_session, OWNED_RESOURCES, Recorder())
    assert Listed.asked == ["RUNNING", "STOPPED", "RUNNING", "STOPPED"]


def test_a_service_that_a_schedule_starts_meanwhile_goes_to_zero_once_more() -> None:
    """The alarm of an environment rings every five minutes until Airflow has told it to be silent."""

    class Rung(FakeEcs):
        def stop(self, cluster: str, arn: str, reason: str) -> None:
            super().stop(cluster, arn, reason)
            self.scale(cluster, "Scheduler", 1)
            again = task(f"{OWNED}0", "scheduler:1", status="RUNNING", group="service:Scheduler")
            self.known[again.arn] = replace(again, desired="RUNNING")
            self.services_of[again.arn] = "Scheduler"

    session = _session(Rung())
    session.ecs.known[STRAY] = task(STRAY, "command:1", status="RUNNING", group="family:command")
    begin_drain(session.as_session, OWNED_RESOURCES)
    assert finish_drain(session.as_session, OWNED_RESOURCES, Recorder()) == 1
    assert session.ecs.running["Scheduler"].desired == 0
    assert {each.status for each in session.ecs.known.values()} == {"STOPPED"}


def test_tasks_that_do_not_end_are_an_error() -> None:
    """After a quarter of an hour a colleague has to look."""
    session = _session(FakeEcs())
    before = session.time.seconds
    with pytest.raises(DrainFailure) as failure:
        finish_drain(session.as_session, OWNED_RESOURCES, Recorder())
    assert "run the same command again" in failure.value.next_step
    assert 900 <= session.time.seconds - before < 910


def test_the_database_stops_last() -> None:
    """Its clients end first, workers too; then its own service stops."""
    session = _session(FakeEcs())
    service = "arn:aws:ecs:us-west-2:123456789012:service/cluster/Database"
    owned = replace(OWNED_RESOURCES, database_services=(service,))
    own = f"{STRAY}9"
    session.ecs.running["Database"] = Service(
        name="Database", status="ACTIVE", desired=1, running=1, pending=0, rollout="COMPLETED", older=0
    )
    session.ecs.known[own] = task(own, "database:1", status="RUNNING", group="service:Database")
    session.ecs.services_of[own] = "Database"
    session.ecs.known[STRAY] = task(STRAY, "demo-worker:1", status="RUNNING", group="family:demo-worker")
    begin_drain(session.as_session, owned)
    assert session.ecs.running["Database"].desired == 1
    assert finish_drain(session.as_session, owned, Recorder()) == 1
    assert session.ecs.stopped == [STRAY]
    assert session.ecs.running["Database"].desired == 0


def test_a_stack_without_clusters_is_drained() -> None:
    """A stack that failed early has none."""
    session = FakeSession()
    begin_drain(session.as_session, OwnedResources())
    assert finish_drain(session.as_session, OwnedResources(), Recorder()) == 0
    assert session.time.seconds == FakeSession().time.seconds


def test_a_task_that_is_listed_before_it_is_shown_is_stopped_too() -> None:
    """The API of ECS is eventually consistent: the first answer about a new task may lack it."""
    ecs = FakeEcs(lasting=True)
    arn = ecs.run("cluster", "worker:1", token="1")
    finish_drain(FakeSession(ecs=ecs).as_session, OwnedResources(clusters=("cluster",)), Recorder())
    assert ecs.stopped == [arn]
