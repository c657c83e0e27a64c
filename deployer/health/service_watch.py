"""Tells of services that are waited for: how many tasks run since when, and why one of them failed."""

from collections.abc import Mapping

from deployer.aws.ecs import Task
from deployer.aws.polling import Tell
from deployer.aws.session import Session
from deployer.stacks.events import AwaitedService
from deployer.stacks.failure_cause import explain_task, failed_tasks

LOOK_SECONDS = 20.0
TELL_SECONDS = 60.0
MOST_TASKS = 3
"""So many failed tasks of a service are explained; they fail alike after that."""


class FailedTasks:
    """Tells why tasks of a rollout fail: those that were created before are not of it.

    Where nobody says when it began, those are not that have failed at the first look.
    """

    def __init__(self, session: Session, tell: Tell) -> None:
        self._session = session
        self._tell = tell
        self._looked: dict[str, float] = {}
        self._known: dict[str, set[str]] = {}
        self._told: dict[str, int] = {}

    def look(self, cluster: str, service: str, called: str, since: float | None = None) -> None:
        """Look at a service now and then, and explain each task that failed since the look before.

        Its rollout began at `since`, in seconds since 1970 by the clock of AWS.
        """
        now = self._session.clock.now()
        if now - self._looked.get(service, now - LOOK_SECONDS) < LOOK_SECONDS:
            return
        self._looked[service] = now
        failed = [task for task in failed_tasks(self._session, cluster, service) if _has_failed(task)]
        before = {task.arn for task in failed if since is None or task.created < since}
        known = self._known.setdefault(service, before)
        for task in failed:
            if task.arn not in known and self._told.get(service, 0) < MOST_TASKS:
                known.add(task.arn)
                self._told[service] = self._told.get(service, 0) + 1
                self._tell("\n".join((f"A task of {called} failed.", *explain_task(self._session, task))))


class ServiceWatch:
    """Looks at the services in question now and then; CloudFormation itself says nothing for minutes."""

    def __init__(self, session: Session, tell: Tell) -> None:
        self._session = session
        self._note = tell
        self._since: dict[str, float] = {}
        self._told: dict[str, float] = {}
        self._failed = FailedTasks(session, tell)

    def __call__(self, services: Mapping[str, AwaitedService]) -> None:
        """Look at services, by ARN, and tell of each by its logical path; no task fails at once."""
        now = self._session.clock.now()
        for arn, service in services.items():
            since = self._since.setdefault(arn, now)
            self._tell(arn, service.path, since, now)
            if now - since >= LOOK_SECONDS:
                cluster, name = _place(arn)
                self._failed.look(cluster, name, service.path, service.since)

    def _tell(self, arn: str, path: str, since: float, now: float) -> None:
        if now - self._told.get(arn, since) < TELL_SECONDS:
            return
        self._told[arn] = now
        cluster, name = _place(arn)
        for service in self._session.ecs.services(cluster, (name,)):
            self._note(
                f"Waiting for {path} since {(now - since) / 60:.0f} min: "
                f"{service.running} of {service.desired} tasks run, {service.pending} start, {service.older} are old; "
                f"its rollout is {service.rollout or 'unknown'}."
            )


def _has_failed(task: Task) -> bool:
    """Whether it stopped, or says that it is not healthy; one that still starts says neither."""
    return task.status == "STOPPED" or task.health == "UNHEALTHY"


def _place(arn: str) -> tuple[str, str]:
    """Return the cluster and the name of a service."""
    _, cluster, name = arn.split("/")
    return cluster, name
