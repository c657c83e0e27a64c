"""The database as a server that somebody else made: nothing of it is in the templates but where it is."""

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.authorities import DB_AUTHORITIES, authorities_file
from compiler.contract import DATABASE, DB_HOST, DB_NAME, DB_PORT, DB_TLS, title
from compiler.databases.server_tls import ENCRYPTED
from compiler.model.connection import Connection
from compiler.model.kind import OfSection
from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder
from compiler.resources.credentials import references
from compiler.resources.processes import METADATA
from spec.releases.engines import EngineName
from spec.sections.database import External
from spec.sections.databases.kind import DB_USER

_VERIFIED: Mapping[EngineName, tuple[str, ...]] = {
    "postgres": ("sslmode=verify-full", "sslrootcert={authorities}"),
    "mysql": ("ssl_ca={authorities}",),  # PyMySQL compares the name as soon as it has authorities
}


class ExternalDatabase(OfSection[External]):
    """A server outside of the environment, to which connections only lead."""

    needs_isolated_subnets = False
    needs_private_name = False
    needs_steady_throughput = False
    copied = ()
    services = ()
    stands_inside = False
    own_secrets = ()

    def build(self, _stack: StackBuilder) -> None:
        """Add nothing."""

    def variables(self, _stack: StackBuilder) -> Mapping[str, Any]:
        """Return its address and user, and how Airflow connects by TLS."""
        where = {DB_HOST: self.section.host, DB_PORT: str(self.section.port_or_default), DB_NAME: self.section.name}
        return {**where, DB_USER: self.section.user, **self._tls}

    def secrets(self, _stack: StackBuilder) -> Mapping[str, Any]:
        """Return the password, as ECS takes it out of the secret of the YAML."""
        return references(self.section.secret_sources)

    @property
    def tls_options(self) -> tuple[str, ...]:
        """The mode and, where the server is verified, the file of authorities."""
        if self.section.tls == "none":
            return ()
        if self.section.tls == "require":
            return (ENCRYPTED[self.section.engine],)
        return tuple(one.format(authorities=self._authorities) for one in _VERIFIED[self.section.engine])

    @property
    def _tls(self) -> Mapping[str, str]:
        if self.section.tls == "verify":
            return {DB_TLS: "verify-full", DB_AUTHORITIES: self._authorities}
        return {DB_TLS: "require"} if self.section.tls == "require" else {}

    @property
    def _authorities(self) -> str:
        return authorities_file(self.section.authorities, self.env.aws.region)

    def copy_permissions(self) -> Iterator[Permission]:
        """Yield nothing: whoever runs it copies it."""
        return iter(())

    def add_credentials(self, _stack: StackBuilder) -> None:
        """Add nothing: the YAML names the secret."""

    def connections_from(self, client: str) -> Iterator[Connection]:
        """Yield the connection to each block in which the server may be."""
        for index, cidr in enumerate(self.section.cidrs, start=1):
            logical_id = f"{title(client)}To{title(DATABASE)}{index}"
            port = self.section.port_or_default
            yield Connection(source=client, target=cidr, port=port, why=METADATA, logical_id=logical_id)

    def connections(self) -> Iterator[Connection]:
        """Yield nothing: what it connects to is not known here."""
        return iter(())

    def permissions(self) -> Iterator[Permission]:
        """Yield nothing: it has no role."""
        return iter(())

    def on_off(self) -> None:
        """Return nothing: whoever runs it starts and stops it."""
        return
