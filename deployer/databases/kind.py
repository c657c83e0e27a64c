"""What a deploy asks of every kind of database."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from deployer.aws.ecs import Service
from deployer.aws.session import Session
from deployer.stacks.outputs import Outputs
from spec.environment import Environment
from spec.errors import Refusal


class DatabaseRefusal(Refusal):
    """The database takes no connections."""


class WakeFailure(Refusal):
    """The database does not wake."""


class SnapshotFailure(Refusal):
    """The database cannot be kept as it is."""


class DatabaseKind(Protocol):
    """One kind of database, deployed or to be deployed."""

    PROCESSES: tuple[str, ...]
    """The services of the environment that are the database itself."""

    CHANGES_ASLEEP: bool
    """Whether a change set can change it while it sleeps."""

    NO_SNAPSHOT: str
    """What it is that AWS cannot keep as it is and bring back, as said of the environment; empty where it can."""

    def is_deployed(self, outputs: Outputs) -> bool:
        """Return whether a deployed environment has this kind of database, as its outputs say."""

    def is_another(self, env: Environment, outputs: Outputs) -> bool:
        """Return whether the YAML now means a database elsewhere than the deployed one, which is of this kind."""

    def starts_empty(self, env: Environment, *, changes: bool) -> bool:
        """Return whether a new, empty database takes the place of the deployed one when its template changes."""

    def known_identity(self, outputs: Outputs) -> str:
        """Return what identifies the data, without looking; empty where only a look can say."""

    def identity(self, session: Session, outputs: Outputs) -> str:
        """Wait until the database takes connections; return what tells its data from those of another.

        Raises `DatabaseRefusal` after ten minutes, with the last log lines of its container.
        """

    def is_asleep(self, session: Session, outputs: Outputs, services: Sequence[Service]) -> bool:
        """Return whether the database is stopped or about to be; `services` are those of the environment."""

    def wake(self, session: Session, outputs: Outputs) -> None:
        """Start the database and wait for it, 40 minutes at most. Raises `WakeFailure`."""

    def take_snapshot(self, session: Session, outputs: Outputs, name: str, tags: Mapping[str, str]) -> None:
        """Take a snapshot of this name unless there is one, and wait for it, 2 hours at most.

        Raises `SnapshotFailure`, also where the kind takes none.
        """
