"""What the rest of the specification asks of every kind of database."""

from collections.abc import Container, Iterator, Mapping
from typing import NamedTuple, Protocol

from spec.releases.engines import ENGINES, Engine, EngineName
from spec.releases.table import Release
from spec.section import Violation
from spec.sections.databases.restore_from import Dump
from spec.sections.fargate import Architecture
from spec.sections.secret_source import SecretSource

DB_USER = "DB_USER"
DB_PASSWORD = "DB_PASSWORD"  # noqa: S105  # the name of a variable
"""The variables of the Airflow containers by which they log in."""


class Surroundings(NamedTuple):
    """What of the environment a database must fit.

    `sleeps` says that a schedule stops and starts it, `copied_asleep` that copies are due at no other times,
    `reaches_internet` that a task can pull an image from there, `own_vpc` that Windsock makes its network.
    """

    architecture: Architecture
    protect: bool
    sleeps: bool
    copied_asleep: bool
    reaches_internet: bool
    own_vpc: bool
    region: str


def untested(release: Release, engine: EngineName, version: str, offered: Container[str]) -> Iterator[Violation]:
    """Yield that an Airflow release was not tested with this version; `offered` are there to choose from."""
    tested = release.databases[engine]
    if version not in tested:
        yield Violation(
            f"Airflow {release.version} was not tested with {ENGINES[engine].title} {version}",
            "valid: " + ", ".join(f'"{one}"' for one in tested if one in offered),
            ("version",),
        )


class DatabaseKind(Protocol):
    """One kind of database: what all kinds answer, whatever keys their sections have."""

    @property
    def kind(self) -> str:
        """The word for this kind in the YAML."""
        ...

    @property
    def facts(self) -> Engine:
        """What is known of its engine."""
        ...

    @property
    def version(self) -> str:
        """The version of its engine."""
        ...

    @property
    def connections(self) -> int:
        """How many connections it lets Airflow open at once."""
        ...

    def roomier(self, wanted: int, /) -> str:
        """Return the line that gives it so many connections; empty where no line does."""
        ...

    @property
    def ephemeral(self) -> bool:
        """Whether its data is lost when the server stops."""
        ...

    @property
    def generation(self) -> int:
        """Which server of the environment it is, counted from 1."""
        ...

    @property
    def restored_snapshots(self) -> tuple[str, ...]:
        """The names of the snapshots that a new environment begins with."""
        ...

    @property
    def is_restored(self) -> bool:
        """Whether it begins with what AWS keeps of an instance: a snapshot, or backups."""
        ...

    @property
    def dump(self) -> Dump | None:
        """The dump that a new database begins with."""
        ...

    @property
    def restored_secrets(self) -> Mapping[str, str]:
        """The ARNs of secrets whose values a new environment takes over with the data, by what they are."""
        ...

    @property
    def secret_sources(self) -> Mapping[str, SecretSource]:
        """Where secrets come from that the YAML names for it, by the variables of the containers that use it."""
        ...

    @property
    def address(self) -> str:
        """Where it is, as `host:port/name`, where the YAML alone says so; empty where Windsock makes it."""
        ...

    @property
    def cidrs(self) -> tuple[str, ...]:
        """The IPv4 blocks that have its addresses, where these are outside of what Windsock makes."""
        ...

    def check_release(self, release: Release, /) -> Iterator[Violation]:
        """Yield why this Airflow release cannot use it; paths begin below the section."""
        ...

    def check_new(self, release: Release, /) -> Iterator[Violation]:
        """Yield why a new environment of this release must not begin with it; one that is deployed goes on."""
        ...

    def check_surroundings(self, surroundings: Surroundings, /) -> Iterator[Violation]:
        """Yield why it does not fit the environment; paths begin at the top of the YAML."""
        ...
