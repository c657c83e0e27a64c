"""Brings a cluster to rest: services to zero, then every other task is stopped, and last the database they all used."""

from collections.abc import Sequence
from dataclasses import dataclass

from deployer.aws.ecs import Task
from deployer.aws.session import Session
from deployer.progress import Progress
from deployer.record.owned_resources import OwnedResources
from spec.errors import Refusal

_DRAIN_SECONDS = 900.0

_REASON = "windsock stops what uses the database"

_SERVICE = "service:"
"""How the group of a task begins that a service started; its name follows."""


class DrainFailure(Refusal):
    """Tasks do not end."""


def begin_drain(session: Session, owned: OwnedResources) -> None:
    """Set every service but the database to zero, so that nothing starts new tasks; does not wait."""
    _scale_down(session, owned.services)


def finish_drain(session: Session, owned: OwnedResources, progress: Progress) -> int:
    """Wait for the services' tasks, stop all others and wait for these; return how many were stopped."""
    stopped: set[str] = set()
    _await_rest(session, owned, stopped, without=owned.database_services)
    if owned.database_services:
        _scale_down(session, owned.database_services)
        _await_rest(session, owned, stopped, without=())
    if stopped:
        progress.note(f"Stopped {len(stopped)} tasks that belonged to no service.")
    return len(stopped)


def stop_other_tasks(session: Session, cluster: str, database_service: str) -> None:
    """Wait until services at zero have no task any more, then stop all others but the database, and wait for these.

    Raises `DrainFailure` after 15 minutes.
    """
    groups = frozenset({f"{_SERVICE}{database_service}"} if database_service else ())
    _Rest(session=session, cluster=cluster, groups=groups, stopped=set()).wait()


def _scale_down(session: Session, services: Sequence[str]) -> None:
    for arn in services:
        _, cluster, service = arn.split("/")
        session.ecs.scale(cluster, service, 0)


def _await_rest(session: Session, owned: OwnedResources, stopped: set[str], *, without: Sequence[str]) -> None:
    """Wait until the clusters have no task but those of the services `without` which they are to be at rest."""
    groups = frozenset(f"{_SERVICE}{arn.rpartition('/')[2]}" for arn in without)
    for cluster in owned.clusters:
        _Rest(session=session, cluster=cluster, groups=groups, stopped=stopped).wait()


@dataclass(kw_only=True)
class _Rest:
    """Looks whether a cluster has no task but those of some groups, and stops what no service ends.

    A schedule that rings meanwhile starts a service again, and then its services go to zero once more.

    ECS lists a task that is to end among the stopped ones, with all of the last hour. So tasks are listed when none is
    known that has not ended: at the first look, and at the last, which finds what was started meanwhile.
    """

    session: Session
    cluster: str
    groups: frozenset[str]
    stopped: set[str]
    living: frozenset[str] | None = None
    """The tasks that had not ended at the last look; None before the first one."""

    def wait(self) -> None:
        """Look until it is at rest. Raises `DrainFailure` after 15 minutes."""
        if self.session.clock.until(self._look, limit=_DRAIN_SECONDS) is None:
            raise DrainFailure(
                f"Tasks in cluster {self.cluster} do not end.",
                next_step="Look at them in the ECS console, then run the same command again.",
            )

    def _look(self) -> bool | None:
        """Return whether it is at rest, or else None."""
        ecs, before = self.session.ecs, self.living
        listed = () if before else ecs.task_arns(self.cluster)
        ending = before or ecs.task_arns(self.cluster, status="STOPPED")
        shown = ecs.tasks(self.cluster, tuple({*listed, *ending}))
        there = [task for task in shown if task.status != "STOPPED" and task.group not in self.groups]
        if before is not None:
            self._scale_down_again(there)
        self._stop(there)
        # A task that was just started may be listed before it is described.
        unseen = {*listed} - {task.arn for task in shown}
        self.living = frozenset((*unseen, *(task.arn for task in there)))
        if self.living:
            return None
        return self._look() if before else True

    def _scale_down_again(self, there: Sequence[Task]) -> None:
        for group in {task.group for task in there if _is_of_service(task) and task.desired == "RUNNING"}:
            self.session.ecs.scale(self.cluster, group.removeprefix(_SERVICE), 0)

    def _stop(self, there: Sequence[Task]) -> None:
        # A scheduler that is still there would start another worker for each that is stopped.
        if any(_is_of_service(task) for task in there):
            return
        for task in there:
            if task.arn not in self.stopped:
                self.session.ecs.stop(self.cluster, task.arn, _REASON)
                self.stopped.add(task.arn)


def _is_of_service(task: Task) -> bool:
    return task.group.startswith(_SERVICE)
