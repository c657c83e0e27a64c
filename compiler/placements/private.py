"""The placement `private`: tasks stand in subnets without public addresses and reach AWS through NAT gateways."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from compiler.placements.own_vpc import OwnVpcPlacement
from compiler.resources.network.nat import add_nat_gateways
from spec.sections.network import Private


@dataclass(frozen=True)
class PrivatePlacement(OwnVpcPlacement):
    """Tasks behind NAT gateways."""

    section: Private

    way_out = "NAT gateway"

    @property
    def task_subnets(self) -> Sequence[StackValue]:
        """Subnets without public addresses."""
        return values.PRIVATE_SUBNETS[: self.section.zones]

    def build_egress(self, stack: StackBuilder, _services: Iterable[str], /) -> None:
        """Add NAT gateways in public subnets, and the private subnets whose routes lead to them."""
        gateways = self.section.zones if self.section.nat == "per_zone" else 1
        add_nat_gateways(self.env, self.section, stack, gateways=gateways)
