"""What the compiler asks of every placement."""

from typing import Protocol

from troposphere import Ref
from troposphere.ecs import NetworkConfiguration

from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue


class PlacementKind(Protocol):
    """One way to place load balancer and tasks in the network, and to let them out of it."""

    @property
    def public_address(self) -> bool:
        """Whether every task gets a public address."""
        ...

    @property
    def task_subnets(self) -> tuple[StackValue, ...]:
        """The subnets of tasks, and of the addresses of the file system: one per availability zone."""
        ...

    @property
    def load_balancer_subnets(self) -> tuple[StackValue, ...]:
        """The subnets of the load balancer."""
        ...

    def build(self, stack: StackBuilder, vpc: Ref) -> None:
        """Add subnets, routes and what else tasks need to reach AWS to the network stack."""
        ...

    def network_configuration(self, stack: StackBuilder, security_group: StackValue) -> NetworkConfiguration:
        """Return where the tasks of a service stand."""
        ...
