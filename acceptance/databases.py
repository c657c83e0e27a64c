"""The kinds of database by their words in the YAML, and what a rehearsal asks of each."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from deployer.aws.session import Session
from deployer.stacks.outputs import Outputs
from rehearsal.images.databases import DatabaseImage, mysql_image, postgres_image
from spec.environment import Environment
from spec.errors import Refusal
from spec.releases.engines import EngineName

ENGINE_IMAGES: Mapping[EngineName, Callable[[Path], DatabaseImage]] = MappingProxyType(
    {"postgres": postgres_image, "mysql": mysql_image}
)


class DatabaseKind(Protocol):
    """One kind of database."""

    def image(self, env: Environment, cache: Path, /) -> DatabaseImage | None:
        """Return the image that the database's tasks run, built below `cache` if it is missing; None without tasks."""
        ...

    def is_stopped(self, session: Session, outputs: Outputs, /) -> bool:
        """Whether the database is stopped, once no service of the environment runs."""
        ...

    def refuse_dumps(self, env: Environment, /) -> None:
        """Raise `Refusal` where a rehearsal cannot read a dump into the database."""
        ...


class Rds:
    """An instance, whose server the emulator runs itself."""

    def image(self, _env: Environment, _cache: Path, /) -> None:
        """Return none."""

    def is_stopped(self, session: Session, outputs: Outputs, /) -> bool:
        """Whether RDS says so."""
        return session.rds.state(outputs.database) == "stopped"

    def refuse_dumps(self, _env: Environment, /) -> None:
        """Do nothing: the rehearsal reaches the server of the instance."""


class Container:
    """A service, like those of Airflow."""

    def image(self, env: Environment, cache: Path, /) -> DatabaseImage:
        """Return the image of its engine."""
        return ENGINE_IMAGES[env.database.engine](cache)

    def is_stopped(self, _session: Session, _outputs: Outputs, /) -> bool:
        """Return true: it stops with its service."""
        return True

    def refuse_dumps(self, env: Environment, /) -> None:
        """Refuse: its server is in a container of its own."""
        raise Refusal(
            f"The database of {env.name} is a container, and a rehearsal reads dumps into a DB instance alone.",
            next_step='Rehearse it with `database: {version: "16"}` in a copy of the YAML.',
        )


DATABASES: Mapping[str, DatabaseKind] = MappingProxyType({"rds": Rds(), "container": Container()})


def begins_empty(env: Environment) -> Environment:
    """Return the environment with a database that begins empty: a snapshot and its secrets are in AWS alone."""
    database = env.database
    if not (database.restored_snapshots or database.dump):
        return env
    keys = ("restore_from", "former") if database.restored_snapshots else ("restore_from",)
    return env.model_copy(update={"database": database.model_copy(update=dict.fromkeys(keys))})
