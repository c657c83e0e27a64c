"""The placement `shared`: everything stands in the VPC of a network that has a stack of its own, beside others."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from troposphere import Ref

from compiler.model import stack_values as values
from compiler.model.kind import OfSection
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from compiler.placements.own_vpc import OwnVpcPlacement
from spec.environment import Environment
from spec.sections.network import Shared


class SharedPlacement(OfSection[Shared]):
    """The root imports VPC and subnets, and hands them to the stacks that take them.

    `placement` is that of the network, which says what stands where.
    """

    vpc = values.VPC
    groups: ClassVar[tuple[str, ...]] = ()

    def __init__(self, env: Environment, section: Shared, placement: OwnVpcPlacement) -> None:
        super().__init__(env, section)
        self.placement = placement

    @property
    def task_subnets(self) -> Sequence[StackValue]:
        """The subnets of tasks, as the network has them."""
        return self.placement.task_subnets

    @property
    def file_system_subnets(self) -> Sequence[StackValue]:
        """Public subnets: EFS takes one address in a zone, and another mode would make the second one first."""
        return self.placement.file_system_subnets

    @property
    def load_balancer_subnets(self) -> Sequence[StackValue]:
        """Public subnets."""
        return self.placement.load_balancer_subnets

    @property
    def database_subnets(self) -> Sequence[StackValue]:
        """Subnets without a route to the internet."""
        return self.placement.database_subnets

    @property
    def way_out(self) -> str:
        """How tasks reach the internet, in words."""
        return self._shared(self.placement.way_out)

    def way_to(self, endpoint: str, /) -> str:
        """Return how tasks reach an AWS service, in words."""
        return self._shared(self.placement.way_to(endpoint))

    @property
    def imports(self) -> Mapping[StackValue, str]:
        """What another stack has, by the names of its exports; CloudFormation deletes none that somebody imports."""
        network = self.section.shared
        balancer = (values.security_group_of("load_balancer"), values.LISTENER) if self.env.web.is_shared else ()
        found = (values.VPC, *self.load_balancer_subnets, *self.task_subnets, *self.database_subnets, *balancer)
        return {value: network.export_name(value.title) for value in found}

    def build(self, stack: StackBuilder, *, isolated: bool) -> Ref:  # noqa: ARG002  its subnets are in the network
        """Return the VPC: everything is there."""
        return stack.parameter(values.VPC)

    def build_egress(self, _stack: StackBuilder, _services: Iterable[str], /) -> None:
        """Add nothing: the way out is in the network."""
        return

    def _shared(self, way: str) -> str:
        return f"{way} of the network {self.section.shared.name}"
