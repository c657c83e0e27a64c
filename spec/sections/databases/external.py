"""The kind `external` of the `database` section: a server that somebody else made and runs."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, model_validator

from spec.constrained_types import Cidr, Domain
from spec.releases.engines import ENGINES, Engine, EngineName
from spec.releases.table import Release
from spec.section import EACH_ONCE, Violation, refuse_any
from spec.sections.databases.kind import DB_PASSWORD, Surroundings, untested
from spec.sections.databases.without_snapshots import WithoutSnapshots
from spec.sections.networks.own_vpc import PRIVATE_RANGES
from spec.sections.secret_source import SecretSource

ANYWHERE = "0.0.0.0/0"
MOST_BLOCKS = 10
"""Each is a rule of the security group of each process, which has a few more of its own."""

_IDENTIFIER = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_-]*$", max_length=63)
"""A name that no address needs quoted; 63 bytes is the longest that PostgreSQL takes."""


class External(WithoutSnapshots):
    """A database that you have: Windsock makes nothing of it, stops nothing of it and deletes nothing of it."""

    kind: Literal["external"]
    """`external`: a PostgreSQL or MySQL that you have, which Airflow reaches over the network. Backups, patches and
    size of the server stay yours."""

    engine: EngineName = "postgres"
    """Database engine: postgres or mysql. Default postgres."""

    version: str
    """Version of the engine, in quotes, such as "16" or "8.0"; which are valid follows from the Airflow release.
    No default. Source: README of the Airflow release, "Requirements"."""

    host: Domain
    """Name of the server, such as db.example.com, as tasks resolve it. No default."""

    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    """Port of the server. Default that of the engine: 5432 or 3306."""

    name: Annotated[str, _IDENTIFIER] = "airflow"
    """Name of the database on the server. It is empty before the first `deploy`, or has the tables of an Airflow up to
    `airflow.version`, which `deploy` migrates. Default airflow."""

    user: Annotated[str, _IDENTIFIER] = "airflow"
    """User that owns the database. Default airflow."""

    password: SecretSource
    """Secret with the password of that user, such as {secret: demo/database}, which `windsock secrets set` stores, or
    {secret: team/postgres, key: password}. No default."""

    cidrs: Annotated[tuple[Cidr, ...], Field(strict=False, min_length=1, max_length=MOST_BLOCKS), EACH_ONCE] = (
        ANYWHERE,
    )
    """IPv4 blocks that have the addresses of the server: 1 to 10. Processes that only work with the database may
    connect to its port there, and nowhere else. Default 0.0.0.0/0."""

    connections: Annotated[int, Field(ge=10, le=100_000)] = 100
    """How many connections the server lets this user open at once, 10 to 100000; `compile` warns when Airflow may open
    more. Default 100. Source: max_connections, PostgreSQL documentation, "Connection Settings"."""

    tls: Literal["verify", "require", "none"] = "verify"
    """How Airflow connects to it. `verify`: encrypted, and only to a server whose certificate has the name in `host`
    and comes from `authorities`. `require`: encrypted, to whatever answers at its address. `none`: in clear.
    Default verify."""

    authorities: Literal["public", "rds"] | Annotated[str, Field(pattern=r"^/[A-Za-z0-9/._-]+$")] = "public"
    """Whom `tls: verify` lets vouch for the server. `public`: the authorities that the image trusts. `rds`: those of
    RDS in the region, for an instance or a cluster that you have there. Otherwise the absolute path of a file of
    certificates in your image, such as /opt/certificates/company.pem. Default public."""

    @model_validator(mode="after")
    def _fits_itself(self) -> "External":
        refuse_any(self._violations())
        return self

    def _violations(self) -> Iterator[Violation]:
        if self.password.parameter:
            message = "the password of a database is kept in Secrets Manager"
            yield Violation(message, "name a secret, such as {secret: demo/database}", ("password", "parameter"))
        if self.tls != "verify" and "authorities" in self.model_fields_set:
            message = f"with tls: {self.tls} nobody vouches for the server"
            yield Violation(message, "remove this line, or choose tls: verify", ("authorities",))

    @property
    def address(self) -> str:
        """Where it is, as `host:port/name`: what tells its data from those of another database."""
        return f"{self.host}:{self.port_or_default}/{self.name}"

    @property
    def port_or_default(self) -> int:
        """The port of the server, or that of the engine by default."""
        return self.port or self.facts.port

    @property
    def secret_sources(self) -> Mapping[str, SecretSource]:
        """Where the password comes from."""
        return MappingProxyType({DB_PASSWORD: self.password})

    @property
    def facts(self) -> Engine:
        """What is known of the engine."""
        return ENGINES[self.engine]

    def roomier(self, wanted: int, /) -> str:
        """Return the line that says so, for a server that takes so many."""
        return f"database.connections: {wanted} if the server takes as many"

    @property
    def ephemeral(self) -> bool:
        """Whether its data is lost when the server stops: whoever runs it keeps them."""
        return False

    @property
    def dump(self) -> None:
        """The dump that it begins with: none, since whoever runs it reads a dump there."""
        return

    def check_release(self, release: Release, /) -> Iterator[Violation]:
        """Yield why this Airflow release cannot use it: it was not tested with this version of the engine."""
        return untested(release, self.engine, self.version, release.databases[self.engine])

    def check_new(self, _release: Release, /) -> Iterator[Violation]:
        """Yield why a new environment must not begin with it: nothing that is not refused in any environment."""
        return iter(())

    def check_surroundings(self, surroundings: Surroundings, /) -> Iterator[Violation]:
        """Yield why tasks do not get there: no route leads out, or none to private addresses."""
        if not surroundings.reaches_internet:
            hint = "choose network.mode: existing or private, or kind: rds"
            yield Violation("no task reaches a server outside of the VPC", hint, ("database", "host"))
        for index, cidr in enumerate(self.cidrs if surroundings.own_vpc else ()):
            if any(IPv4Network(cidr).subnet_of(IPv4Network(one)) for one in PRIVATE_RANGES):
                message = f"no route leads to {cidr} from a VPC of the environment's own"
                hint = "choose network.mode: existing, whose routes lead there, or the public addresses of the server"
                yield Violation(message, hint, ("database", "cidrs", index))
