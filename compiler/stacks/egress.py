"""The way out of the VPC for tasks without public addresses: apart from the network, whose other parts come first."""

from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.placements.roster import placement_of
from spec.environment import Environment

DESCRIPTION = "NAT gateways, and the subnets behind them"
TIMEOUT_MINUTES = 15
INPUTS = frozenset({*values.ZONES, values.VPC, *values.PUBLIC_SUBNETS})
OUTPUTS = frozenset(values.PRIVATE_SUBNETS)


def build(env: Environment, stack: StackBuilder) -> None:
    """Add what lets tasks out of the VPC, where the placement has that apart."""
    placement_of(env).build_egress(stack)
