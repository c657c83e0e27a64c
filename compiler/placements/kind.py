"""What the compiler asks of every placement."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from troposphere import Ref

from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue


class PlacementKind(Protocol):
    """One way to place load balancer, tasks and database in the network, and to let tasks out of it.

    VPC and subnets are values of the network stack, or ids.
    """

    @property
    def vpc(self) -> StackValue | str:
        """The VPC of the environment."""
        ...

    @property
    def task_subnets(self) -> Sequence[StackValue | str]:
        """The subnets of tasks: one per availability zone."""
        ...

    @property
    def file_system_subnets(self) -> Sequence[StackValue | str]:
        """The subnets of the addresses of the file system: one per availability zone of the tasks."""
        ...

    @property
    def load_balancer_subnets(self) -> Sequence[StackValue | str]:
        """The subnets of the load balancer."""
        ...

    @property
    def database_subnets(self) -> Sequence[StackValue | str]:
        """The subnets of a database that is no task."""
        ...

    @property
    def imports(self) -> Mapping[StackValue, str]:
        """The values that another stack has, by the names of its exports."""
        ...

    def build(self, stack: StackBuilder, *, isolated: bool) -> Ref | str:
        """Add what is missing of VPC, subnets and routes to the network stack, and return the VPC.

        With `isolated` a database wants subnets without a route to the internet.
        """
        ...

    @property
    def way_out(self) -> str:
        """How tasks reach the internet, in words; empty where they do not."""
        ...

    def way_to(self, endpoint: str, /) -> str:
        """Return how tasks reach an AWS service by the name of its endpoint, in words; empty where they do not."""
        ...

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of the security groups of what it adds to the network for tasks."""
        ...

    def build_egress(self, stack: StackBuilder, services: Iterable[str], /) -> None:
        """Add to a stack of its own what lets tasks out of the VPC, where that takes minutes to create.

        `services` are the endpoints of the services that tasks call.
        """
        ...
