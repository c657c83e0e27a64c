"""The kind `container` of the `database` section: a Fargate task."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from spec.aws_facts.fargate_sizes import MEMORY_BY_CPU
from spec.releases.engines import ENGINES, MOST_CONNECTIONS, Engine, EngineName
from spec.releases.table import Release
from spec.section import Violation, offered
from spec.sections.databases.kind import Surroundings, untested
from spec.sections.databases.made import Made
from spec.sections.databases.restore_from import Dump
from spec.sections.databases.without_snapshots import WithoutSnapshots
from spec.sections.services import Service

FIRST_WITH_SCRAM = 14
"""The first PostgreSQL that stores passwords by SCRAM unless told otherwise. Source: "Release 14", PostgreSQL
documentation, https://www.postgresql.org/docs/release/14.0/"""


class Container(Service, Made, WithoutSnapshots):
    """A Fargate task, for branches and trials: cheap on Spot and in office hours, and with none of RDS's backups."""

    kind: Literal["container"]
    """`container`: a Fargate task that runs the official image of the engine."""

    engine: EngineName = "postgres"
    """Database engine: postgres or mysql. Default postgres."""

    version: str
    """Version of the engine, in quotes, such as "16" or "8.0"; which are valid follows from the Airflow release.
    No default. Source: README of the Airflow release, "Requirements"."""

    cpu: Annotated[int, offered(MEMORY_BY_CPU)] = 256
    """CPU units, 1024 being one vCPU. Valid: 256, 512, 1024, 2048, 4096, 8192, 16384. Default 256."""

    memory: int = Field(default=512, validate_default=True)
    """Memory in MiB; which values are valid follows from `cpu`. Default 512.
    Source: "Task CPU and memory", Amazon ECS Developer Guide."""

    storage: Literal["efs", "ephemeral"] = "efs"
    """Where its data is stored. `efs`: on the encrypted file system, where it outlives the task. `ephemeral`: in the
    task, faster, and lost with it; the next `windsock deploy` then initialises an empty database. Default efs."""

    restore_from: Dump | None = None
    """The dump that a new PostgreSQL on `efs` begins with. Default none: it begins empty."""

    tls: Literal["verify", "require", "none"] | None = None
    """How Airflow connects to it. `verify`: encrypted, and only to the server that proves within the encryption that it
    knows the password; the asynchronous driver of Airflow 3 leaves out the proof. `require`: encrypted, to whatever
    answers at its address. `none`: in clear. Unless it is `none`, the server refuses everybody who comes in clear.
    Default `verify`; `require` for MySQL and for PostgreSQL before 14, which cannot prove it.
    Source: channel_binding, "Database Connection Control Functions", PostgreSQL documentation."""

    @property
    def encryption(self) -> Literal["verify", "require", "none"]:
        """How Airflow connects to it, also where the YAML does not say so."""
        if self.tls is not None:
            return self.tls
        return "verify" if self.stores_scram else "require"

    @property
    def stores_scram(self) -> bool:
        """Whether a new server stores its password so that it can prove to know it (SCRAM)."""
        return self.engine == "postgres" and self.version.isdecimal() and int(self.version) >= FIRST_WITH_SCRAM

    @property
    def dump(self) -> Dump | None:
        """The dump that it begins with, if there is one."""
        return self.restore_from

    @property
    def facts(self) -> Engine:
        """What is known of the engine."""
        return ENGINES[self.engine]

    @property
    def connections(self) -> int:
        """How many connections it lets Airflow open at once."""
        return MOST_CONNECTIONS

    def roomier(self, _wanted: int, /) -> str:
        """Return nothing: Windsock starts every server for as many."""
        return ""

    @property
    def persistent(self) -> bool:
        """Whether its data outlives the task, on the file system."""
        return self.storage == "efs"

    @property
    def ephemeral(self) -> bool:
        """Whether its data is lost when the server stops."""
        return not self.persistent

    def check_release(self, release: Release, /) -> Iterator[Violation]:
        """Yield why this Airflow release cannot use it: it was not tested with this version of the engine."""
        yield from untested(release, self.engine, self.version, release.databases[self.engine])
        if self.encryption == "verify" and not self.stores_scram:
            message = f"{self.facts.title} {self.version} cannot prove that it knows the password"
            hint = f"choose require, or PostgreSQL {FIRST_WITH_SCRAM} or later"
            yield Violation(message, hint, ("tls",))
        if self.restore_from:
            yield from self._check_dump()

    def _check_dump(self) -> Iterator[Violation]:
        if self.engine != "postgres":
            yield Violation("a dump of pg_dump is of PostgreSQL", "use engine: postgres", ("restore_from",))
        if self.ephemeral:
            message = "the database would be empty again when its task ends"
            yield Violation(message, "choose storage: efs", ("restore_from",))

    def check_new(self, _release: Release, /) -> Iterator[Violation]:
        """Yield why a new environment must not begin with it: nothing that is not refused in any environment."""
        return iter(())

    def check_surroundings(self, surroundings: Surroundings, /) -> Iterator[Violation]:
        """Yield why it does not fit the environment: data that must survive, or an image that does not exist."""
        if not surroundings.reaches_internet:
            message = f"no task reaches {self.facts.registry}, from which the image of {self.facts.title} comes"
            yield Violation(message, "choose kind: rds, or network.mode: private", ("database", "kind"))
        if surroundings.sleeps and self.ephemeral:
            message = "with a schedule this database would be empty every morning"
            yield Violation(message, "choose storage: efs, or remove schedule", ("database", "storage"))
        if surroundings.architecture == "arm64" and self.version in self.facts.x86_only:
            hint = "use another version, or fargate.architecture: x86_64"
            message = f"there is no image of {self.facts.title} {self.version} for arm64"
            yield Violation(message, hint, ("database", "version"))
        if surroundings.protect and self.ephemeral:
            hint = "set storage: efs, or protect: false"
            message = "protect: true keeps the database, and ephemeral loses it with its task"
            yield Violation(message, hint, ("database", "storage"))
