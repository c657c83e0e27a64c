"""What the compiler asks of every kind of database."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from compiler.model.connection import Connection
from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from compiler.resources.schedules import OnOff


class DatabaseKind(Protocol):
    """One kind of database: its resources, and what other stacks must do for it."""

    @property
    def needs_isolated_subnets(self) -> bool:
        """Whether it stands in subnets without a route to the internet."""
        ...

    @property
    def needs_private_name(self) -> bool:
        """Whether Airflow finds it by a name in the private DNS namespace."""
        ...

    @property
    def needs_steady_throughput(self) -> bool:
        """Whether it writes to the file system all day long."""
        ...

    @property
    def copied(self) -> tuple[str, ...]:
        """The ARNs, as texts of `Fn::Sub`, of what AWS Backup can copy of it beside the file system."""
        ...

    def copy_permissions(self) -> Iterator[Permission]:
        """Yield what AWS Backup needs for that."""
        ...

    @property
    def services(self) -> tuple[str, ...]:
        """Names of its ECS services and log groups; none where it is no container."""
        ...

    def build(self, stack: StackBuilder) -> None:
        """Add its resources to the database stack."""
        ...

    def variables(self, stack: StackBuilder) -> Mapping[str, Any]:
        """Return the variables that tell Airflow its address."""
        ...

    def secrets(self, stack: StackBuilder) -> Mapping[str, Any]:
        """Return what ECS puts into the variables of containers that log in to it."""
        ...

    @property
    def own_secrets(self) -> tuple[StackValue, ...]:
        """The secrets of the environment that these are taken out of."""
        ...

    @property
    def tls_options(self) -> tuple[str, ...]:
        """What its address says about TLS, in the words of the engine's driver."""
        ...

    @property
    def stands_inside(self) -> bool:
        """Whether it stands in the VPC of the environment, in a security group of its own."""
        ...

    def add_credentials(self, stack: StackBuilder) -> None:
        """Output the secret with its user and password, and add it where Windsock generates it."""
        ...

    def connections_from(self, client: str) -> Iterator[Connection]:
        """Yield the connections that a client of the database opens."""
        ...

    def connections(self) -> Iterator[Connection]:
        """Yield the connections that it opens itself."""
        ...

    def permissions(self) -> Iterator[Permission]:
        """Yield what it may do in AWS itself."""
        ...

    def on_off(self) -> OnOff | None:
        """Return the calls that start and stop it by schedule; None where that needs more or less than its services."""
        ...
