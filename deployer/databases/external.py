"""A database that somebody else made: Windsock neither starts, nor stops, nor keeps it."""

from collections.abc import Mapping, Sequence

from deployer.aws.ecs import Service
from deployer.aws.session import Session
from deployer.databases.kind import SnapshotFailure, WakeFailure
from deployer.stacks.outputs import Outputs
from spec.environment import Environment

PROCESSES: tuple[str, ...] = ()
CHANGES_ASLEEP = True
NO_SNAPSHOT = "has a database that is yours"


def is_deployed(outputs: Outputs) -> bool:
    """Return whether the outputs name a server outside of the environment."""
    return bool(outputs.external_database)


def is_another(env: Environment, outputs: Outputs) -> bool:
    """Return whether the YAML names another server, or another database on it."""
    return env.database.address != outputs.external_database


def starts_empty(_env: Environment, *, changes: bool) -> bool:  # noqa: ARG001  # the protocol asks every kind
    """Return False: whoever runs it keeps its data."""
    return False


def known_identity(outputs: Outputs) -> str:
    """Return where it is."""
    return outputs.external_database


def identity(_session: Session, outputs: Outputs) -> str:
    """Return where it is: only a task can tell whether it takes connections, and each says so itself."""
    return outputs.external_database


def is_asleep(_session: Session, _outputs: Outputs, _services: Sequence[Service]) -> bool:
    """Return False: no schedule of the environment stops it."""
    return False


def wake(_session: Session, outputs: Outputs) -> None:
    """Raise `WakeFailure`: nothing of the environment can start it."""
    raise WakeFailure(f"{outputs.external_database} is not started by Windsock.", next_step="Start it where it runs.")


def take_snapshot(_session: Session, outputs: Outputs, name: str, _tags: Mapping[str, str]) -> None:
    """Raise `SnapshotFailure`: it is not the environment's to keep."""
    raise SnapshotFailure(f"There is no snapshot {name}: {outputs.external_database} is not of this environment.")
