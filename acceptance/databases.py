"""The kinds of database by their words in the YAML, and what a rehearsal asks of each."""

from collections.abc import Callable, Mapping
from ipaddress import ip_network
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, cast

from compiler.authorities import authorities_file
from deployer.aws.session import Session
from deployer.stacks.outputs import Outputs
from rehearsal.emulator.rules.settings import OutsideDatabase
from rehearsal.images.databases import DatabaseImage, mysql_image, postgres_image
from spec.environment import Environment
from spec.errors import Refusal
from spec.releases.engines import EngineName

if TYPE_CHECKING:
    from spec.sections.database import External as ExternalSection

ON_INTERNET = "198.51.100.54"
"""An address on the internet. Source: RFC 5737, addresses for documentation."""
PASSWORD_THERE = "of-the-rehearsal"  # noqa: S105  # of a server that ends with the rehearsal
"""The password of the user of a server outside, which stands in for the user's own."""

ENGINE_IMAGES: Mapping[EngineName, Callable[[Path], DatabaseImage]] = MappingProxyType(
    {"postgres": postgres_image, "mysql": mysql_image}
)


class DatabaseKind(Protocol):
    """One kind of database."""

    @property
    def at_rest(self) -> str:
        """What is seen of it while the environment sleeps."""
        ...

    def image(self, env: Environment, cache: Path, /) -> DatabaseImage | None:
        """Return the image that the database's tasks run, built below `cache` if it is missing; None without tasks."""
        ...

    def is_stopped(self, session: Session, outputs: Outputs, /) -> bool:
        """Whether the database is stopped, once no service of the environment runs."""
        ...

    def refuse_dumps(self, env: Environment, /) -> None:
        """Raise `Refusal` where a rehearsal cannot read a dump into the database."""
        ...

    def outside(self, env: Environment, /) -> OutsideDatabase | None:
        """Return the server that stands in for one outside of the environment; None where none is outside."""
        ...


class Rds:
    """An instance, whose server the emulator runs itself."""

    at_rest = "the database is stopped"

    def image(self, _env: Environment, _cache: Path, /) -> None:
        """Return none."""

    def is_stopped(self, session: Session, outputs: Outputs, /) -> bool:
        """Whether RDS says so."""
        return session.rds.state(outputs.database) == "stopped"

    def refuse_dumps(self, _env: Environment, /) -> None:
        """Do nothing: the rehearsal reaches the server of the instance."""

    def outside(self, _env: Environment, /) -> None:
        """Return none."""


class Container:
    """A service, like those of Airflow."""

    at_rest = "the database is stopped"

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

    def outside(self, _env: Environment, /) -> None:
        """Return none."""


class External:
    """A server that the user has, in whose place the emulator runs an empty one."""

    at_rest = "the database is left alone"

    def image(self, _env: Environment, _cache: Path, /) -> None:
        """Return none."""

    def is_stopped(self, _session: Session, _outputs: Outputs, /) -> bool:
        """Return true: the environment has nothing to stop."""
        return True

    def refuse_dumps(self, env: Environment, /) -> None:
        """Refuse: it is the user's own server that a dump is read into."""
        raise Refusal(
            f"The database of {env.name} is yours, and a rehearsal reads dumps into a DB instance alone.",
            next_step='Rehearse it with `database: {version: "16"}` in a copy of the YAML.',
        )

    def outside(self, env: Environment, /) -> OutsideDatabase:
        """Return an empty PostgreSQL under the name of the user's, at an address in its first block."""
        database = cast("ExternalSection", env.database)
        if database.engine != "postgres":
            raise Refusal(
                f"A rehearsal has no {database.facts.title} to stand in for {database.host}.",
                next_step=f"Rehearse a copy of the YAML with `database: {{kind: container, engine: {database.engine}, "
                f'version: "{database.version}"}}`.',
            )
        block = ip_network(database.cidrs[0])
        return OutsideDatabase(
            host=database.host,
            address=ON_INTERNET if block.prefixlen == 0 else str(next(block.hosts())),
            port=database.port_or_default,
            name=database.name,
            user=database.user,
            password=PASSWORD_THERE,
            takes_clear=database.tls == "none",
            authorities=authorities_file(database.authorities, env.aws.region) if database.tls == "verify" else "",
        )


DATABASES: Mapping[str, DatabaseKind] = MappingProxyType(
    {"rds": Rds(), "container": Container(), "external": External()}
)


def begins_empty(env: Environment) -> Environment:
    """Return the environment with a database that begins empty: what AWS keeps of another is there alone."""
    database = env.database
    if not (database.is_restored or database.dump):
        return env
    keys = ("restore_from", "former") if database.is_restored else ("restore_from",)
    return env.model_copy(update={"database": database.model_copy(update=dict.fromkeys(keys))})
