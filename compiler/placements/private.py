"""The placement `private`: tasks stand in subnets without public addresses and reach AWS through NAT gateways."""

from collections.abc import Iterable

from compiler.model.stack import StackBuilder
from compiler.placements.own_vpc import OwnVpcPlacement
from compiler.resources.network.nat import add_nat_gateways
from spec.sections.network import Private


class PrivatePlacement(OwnVpcPlacement):
    """Tasks behind NAT gateways."""

    section: Private

    way_out = "NAT gateway"

    def build_egress(self, stack: StackBuilder, _services: Iterable[str], /) -> None:
        """Add NAT gateways in public subnets, and the private subnets whose routes lead to them."""
        gateways = self.section.zones if self.section.nat == "per_zone" else 1
        add_nat_gateways(self.env, self.section, stack, gateways=gateways)
