"""Wakes an environment that sleeps outside its office hours, so that a deploy meets it as it is by day."""

from collections.abc import Mapping
from datetime import datetime

from compiler.contract import DATABASE
from deployer.aws.session import Session
from deployer.health.verify import Health
from deployer.progress import Progress
from deployer.stacks.outputs import Outputs
from spec.environment import Environment
from spec.errors import Refusal

_DATABASE_SECONDS = 2400.0
_STOPPED = "stopped"
_AT_REST = frozenset({"starting", _STOPPED, "stopping"})
"""In every other state, a backup or a modification, the database answers."""


class WakeFailure(Refusal):
    """The database does not wake."""


def is_asleep(env: Environment, health: Health, hour: datetime) -> bool:
    """Whether an environment that was looked at sleeps outside its office hours, as it should."""
    outside = env.schedule is not None and not env.schedule.is_open(hour)
    return outside and not any(service.desired or service.running for service in health.services)


def wake(session: Session, outputs: Outputs, counts: Mapping[str, int], progress: Progress) -> bool:
    """Start the database and the services that are at zero; `counts` is how many of each are meant to run.

    Waits for the database, which must be there before anything else; returns whether anything slept.
    """
    wanted = {DATABASE: 1, **counts}
    services = session.ecs.services(outputs.cluster, tuple(outputs.all_services.values()))
    processes = {name: process for process, name in outputs.all_services.items()}
    asleep = [service.name for service in services if not service.desired and wanted.get(processes[service.name], 0)]
    rests = not outputs.database_service and session.rds.state(outputs.database) in _AT_REST
    if not asleep and not rests:
        return False
    progress.phase("wake", "the database, then the services that sleep")
    if rests:
        _wake_database(session, outputs.database)
    if outputs.database_service in asleep:
        session.ecs.scale(outputs.cluster, outputs.database_service, 1)
        _await_container(session, outputs)
    for name in asleep:
        if name != outputs.database_service:
            session.ecs.scale(outputs.cluster, name, wanted[processes[name]])
    return True


def _await_container(session: Session, outputs: Outputs) -> None:
    def look() -> bool | None:
        arns = session.ecs.task_arns(outputs.cluster, service=outputs.database_service)
        return True if any(task.health == "HEALTHY" for task in session.ecs.tasks(outputs.cluster, arns)) else None

    if session.clock.until(look, limit=_DATABASE_SECONDS) is None:
        raise WakeFailure(
            "The container of the database does not become healthy.",
            next_step="Read `windsock logs` of it, then run the same command again.",
        )


def _wake_database(session: Session, database: str) -> None:
    def look() -> bool | None:
        state = session.rds.state(database)
        if state == _STOPPED:
            session.rds.start(database)
        return None if state in _AT_REST else True

    if session.clock.until(look, limit=_DATABASE_SECONDS) is None:
        raise WakeFailure(
            f"Database {database} does not become available: it is {session.rds.state(database)}.",
            next_step="Look at it in the RDS console, then run the same command again.",
        )
