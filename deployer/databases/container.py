"""A database that is a container of the environment: its files are the data or, without files, its task is."""

from collections.abc import Mapping, Sequence

from compiler.contract import DATABASE
from deployer.aws.ecs import Service
from deployer.aws.session import Session
from deployer.databases.kind import DatabaseRefusal, SnapshotFailure, WakeFailure
from deployer.stacks.failure_cause import explain_service
from deployer.stacks.outputs import Outputs
from spec.environment import Environment

PROCESSES: tuple[str, ...] = (DATABASE,)
CHANGES_ASLEEP = True
NO_SNAPSHOT = "has its database in a container"

_HEALTHY_SECONDS = 600.0
_WAKE_SECONDS = 2400.0


def is_deployed(outputs: Outputs) -> bool:
    """Return whether a service of the environment is its database."""
    return bool(outputs.database_service)


def is_another(_env: Environment, _outputs: Outputs) -> bool:
    """Return False: the stack of the environment has it, and the replacement guard sees what becomes of it."""
    return False


def starts_empty(env: Environment, *, changes: bool) -> bool:
    """Return whether the container keeps no files and its template `changes`, so that another task takes its place."""
    return changes and env.database.ephemeral


def known_identity(outputs: Outputs) -> str:
    """Return the access point of its files; empty without files."""
    return outputs.database


def identity(session: Session, outputs: Outputs) -> str:
    """Wait for the one healthy task; return the access point of its files or, without files, the task."""
    task = session.clock.until(lambda: _healthy_task(session, outputs), limit=_HEALTHY_SECONDS)
    if task is None:
        raise DatabaseRefusal(
            "The database does not come up.",
            why="\n".join(explain_service(session, outputs.cluster, outputs.database_service)),
            next_step="Read `windsock logs` of database, repair the cause and deploy again.",
        )
    return outputs.database or task


def is_asleep(_session: Session, outputs: Outputs, services: Sequence[Service]) -> bool:
    """Return whether the database's service is at zero."""
    return any(service.name == outputs.database_service and not service.desired for service in services)


def wake(session: Session, outputs: Outputs) -> None:
    """Set the database's service to one and wait until its task is healthy."""
    session.ecs.scale(outputs.cluster, outputs.database_service, 1)

    def look() -> bool | None:
        arns = session.ecs.task_arns(outputs.cluster, service=outputs.database_service)
        return True if any(task.health == "HEALTHY" for task in session.ecs.tasks(outputs.cluster, arns)) else None

    if session.clock.until(look, limit=_WAKE_SECONDS) is None:
        raise WakeFailure(
            "The container of the database does not become healthy.",
            next_step="Read `windsock logs` of it, then run the same command again.",
        )


def take_snapshot(_session: Session, outputs: Outputs, name: str, _tags: Mapping[str, str]) -> None:
    """Raise `SnapshotFailure`: AWS keeps no copy of what a container holds."""
    raise SnapshotFailure(f"There is no snapshot {name}: AWS takes none of {outputs.database_service}, a container.")


def _healthy_task(session: Session, outputs: Outputs) -> str | None:
    arns = session.ecs.task_arns(outputs.cluster, service=outputs.database_service)
    healthy = [
        task.arn
        for task in session.ecs.tasks(outputs.cluster, arns)
        if task.status == "RUNNING" and task.health == "HEALTHY"
    ]
    return healthy[0] if len(arns) == len(healthy) == 1 else None
