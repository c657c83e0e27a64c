"""A database that is an Amazon RDS instance: CloudFormation waits for it, and a schedule may stop it."""

from collections.abc import Mapping, Sequence

from deployer.aws.ecs import Service
from deployer.aws.session import Session
from deployer.databases.kind import SnapshotFailure, WakeFailure
from deployer.stacks.outputs import Outputs
from spec.environment import Environment

PROCESSES: tuple[str, ...] = ()
CHANGES_ASLEEP = False  # "You can't modify a stopped DB instance": Amazon RDS User Guide
NO_SNAPSHOT = ""

_WAKE_SECONDS = 2400.0
_SNAPSHOT_SECONDS = 7200.0
_AVAILABLE = "available"
_STOPPED = "stopped"
_AT_REST = frozenset({"starting", _STOPPED, "stopping"})
"""In every other state, a backup or a modification, the database answers."""


def is_deployed(outputs: Outputs) -> bool:
    """Return whether the database is neither a service of the environment nor outside of it."""
    return not outputs.database_service and not outputs.external_database


def is_another(_env: Environment, _outputs: Outputs) -> bool:
    """Return False: the stack of the environment has it, and the replacement guard sees what becomes of it."""
    return False


def starts_empty(_env: Environment, *, changes: bool) -> bool:  # noqa: ARG001  # the protocol asks every kind
    """Return False: the replacement guard keeps an instance."""
    return False


def known_identity(outputs: Outputs) -> str:
    """Return the name of the instance."""
    return outputs.database


def identity(_session: Session, outputs: Outputs) -> str:
    """Return the name of the instance, which CloudFormation has waited for."""
    return outputs.database


def is_asleep(session: Session, outputs: Outputs, _services: Sequence[Service]) -> bool:
    """Return whether the instance is stopped, stops or starts."""
    return session.rds.state(outputs.database) in _AT_REST


def wake(session: Session, outputs: Outputs) -> None:
    """Start the instance as soon as it can be started, and wait until it answers."""

    def look() -> bool | None:
        state = session.rds.state(outputs.database)
        if state == _STOPPED:
            session.rds.start(outputs.database)
        return None if state in _AT_REST else True

    if session.clock.until(look, limit=_WAKE_SECONDS) is None:
        raise WakeFailure(
            f"Database {outputs.database} does not become available: it is {session.rds.state(outputs.database)}.",
            next_step="Look at it in the RDS console, then run the same command again.",
        )


def take_snapshot(session: Session, outputs: Outputs, name: str, tags: Mapping[str, str]) -> None:
    """Ask for the snapshot as soon as the instance can be backed up, and wait until it is complete."""

    def look() -> str | None:
        state = session.rds.snapshot_state(name)
        if not state:
            session.rds.take_snapshot(outputs.database, name, tags)
        return state if state in {_AVAILABLE, "failed"} else None

    state = session.clock.until(look, limit=_SNAPSHOT_SECONDS)
    if state != _AVAILABLE:
        raise SnapshotFailure(
            f"Snapshot {name} of database {outputs.database} does not become available: it is {state or 'not ready'}.",
            why="Nothing was migrated.",
            next_step="Look at it in the RDS console, then run the same command again.",
        )
