"""Tells of services that CloudFormation waits for: how many tasks run since when, and why one of them failed."""

from collections.abc import Mapping

from deployer.aws.ecs import Task
from deployer.aws.session import Session
from deployer.progress import Progress
from deployer.stacks.failure_cause import explain_task, failed_tasks

LOOK_SECONDS = 20.0
TELL_SECONDS = 60.0
MOST_TASKS = 3
"""So many failed tasks of a service are explained; they fail alike after that."""


class ServiceWatch:
    """Looks at the services in question now and then; CloudFormation itself says nothing for minutes."""

    def __init__(self, session: Session, progress: Progress) -> None:
        self._session = session
        self._progress = progress
        self._looked = session.clock.now()
        self._since: dict[str, float] = {}
        self._told: dict[str, float] = {}
        self._explained: dict[str, set[str]] = {}

    def __call__(self, services: Mapping[str, str]) -> None:
        """Look at services, by ARN, and tell of each by its logical path."""
        now = self._session.clock.now()
        for arn in services:
            self._since.setdefault(arn, now)
        if now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        for arn, path in services.items():
            self._tell(arn, path, now)
            self._explain(arn, path)

    def _tell(self, arn: str, path: str, now: float) -> None:
        since = self._since[arn]
        if now - self._told.get(arn, since) < TELL_SECONDS:
            return
        self._told[arn] = now
        for service in self._session.ecs.services(*_place(arn)):
            self._progress.note(
                f"Waiting for {path} since {(now - since) / 60:.0f} min: "
                f"{service.running} of {service.desired} tasks run, {service.pending} start, {service.older} are old; "
                f"its rollout is {service.rollout or 'unknown'}."
            )

    def _explain(self, arn: str, path: str) -> None:
        cluster, (name,) = _place(arn)
        explained = self._explained.setdefault(arn, set())
        for task in failed_tasks(self._session, cluster, name):
            if _has_failed(task) and task.arn not in explained and len(explained) < MOST_TASKS:
                explained.add(task.arn)
                self._progress.note("\n".join((f"A task of {path} failed.", *explain_task(self._session, task))))


def _has_failed(task: Task) -> bool:
    """Whether it stopped, or says that it is not healthy; one that still starts says neither."""
    return task.status == "STOPPED" or task.health == "UNHEALTHY"


def _place(arn: str) -> tuple[str, tuple[str, ...]]:
    _, cluster, name = arn.split("/")
    return cluster, (name,)
