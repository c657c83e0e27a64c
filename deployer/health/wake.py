"""Wakes an environment that sleeps outside its office hours, so that a deploy meets it as it is by day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from deployer.aws.ecs import Service
from deployer.aws.session import Session
from deployer.databases.roster import deployed_database
from deployer.progress import Progress
from deployer.stacks.outputs import Outputs
from spec.environment import Environment


class Counted(Protocol):
    """A service whose tasks somebody has counted."""

    @property
    def desired(self) -> int:
        """How many tasks there are to be."""

    @property
    def running(self) -> int:
        """How many tasks run."""


def is_asleep(env: Environment, services: Iterable[Counted], hour: datetime) -> bool:
    """Return whether an environment sleeps outside its office hours, as it should, by its services of Airflow.

    That of a database in a container stops ten minutes after them, and keeps nobody awake.
    """
    outside = env.schedule is not None and not env.schedule.is_open(hour)
    return outside and not any(service.desired or service.running for service in services)


def sleeping_services(outputs: Outputs, services: Sequence[Service], counts: Mapping[str, int]) -> tuple[str, ...]:
    """Return the services that are at zero and should not be; `counts` is how many of each process are to run."""
    at_zero = {service.name for service in services if not service.desired}
    return tuple(name for process, name in outputs.services.items() if name in at_zero and counts.get(process, 0))


def wake_for_changes(session: Session, outputs: Outputs, progress: Progress) -> None:
    """Start the database, and wait for it, where a change set could not change it while it sleeps."""
    database = deployed_database(outputs)
    if database.CHANGES_ASLEEP or not database.is_asleep(session, outputs, ()):
        return
    progress.note(f"Starting database {outputs.database}: AWS changes nothing about one that is stopped.")
    database.wake(session, outputs)


def shows_page(session: Session, outputs: Outputs) -> bool:
    """Return whether browsers are told that the environment sleeps."""
    return bool(outputs.asleep_rule) and session.load_balancer.shows_page(outputs.asleep_rule)


def wake(session: Session, outputs: Outputs, counts: Mapping[str, int], progress: Progress) -> bool:
    """Start the database and the services that are at zero; `counts` is how many of each process are to run.

    Leads browsers to them again first: who is killed then has hidden no web server that runs. Waits for the database,
    which must be there before anything else; returns whether anything slept.
    """
    told = shows_page(session, outputs)
    if told:
        session.load_balancer.take_page_away(outputs.asleep_rule)
    database = deployed_database(outputs)
    services = session.ecs.services(outputs.cluster, tuple(outputs.all_services.values()))
    asleep = sleeping_services(outputs, services, counts)
    stopped = database.is_asleep(session, outputs, services)
    if not asleep and not stopped:
        return told
    progress.phase("wake", "the database, then the services that sleep")
    if stopped:
        database.wake(session, outputs)
    wanted = {outputs.services[process]: count for process, count in counts.items() if process in outputs.services}
    for name in asleep:
        session.ecs.scale(outputs.cluster, name, wanted[name])
    return True
