"""The placement `public`: tasks stand in public subnets and reach AWS from an address of their own, without NAT."""

from collections.abc import Sequence

from compiler.model import stack_values as values
from compiler.model.stack_values import StackValue
from compiler.placements.own_vpc import OwnVpcPlacement


class PublicPlacement(OwnVpcPlacement):
    """Tasks with public addresses behind closed security groups."""

    way_out = "its public address"

    @property
    def task_subnets(self) -> Sequence[StackValue]:
        """Public subnets."""
        return values.PUBLIC_SUBNETS[: self.section.zones]
