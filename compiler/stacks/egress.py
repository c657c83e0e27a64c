"""The way out of the VPC for tasks without public addresses: apart from the network, whose other parts come first."""

from compiler.connections import permissions
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.placements.roster import placement_of
from compiler.resources.network.endpoints import services_of
from spec.environment import Environment

DESCRIPTION = "The subnets of tasks without public addresses, and their way out"
TIMEOUT_MINUTES = 15
INPUTS = frozenset({*values.ZONES, values.VPC, *values.PUBLIC_SUBNETS, values.security_group_of(values.ENDPOINTS)})
OUTPUTS = frozenset(values.PRIVATE_SUBNETS)


def build(env: Environment, stack: StackBuilder) -> None:
    """Add what lets tasks out of the VPC, where the placement has that apart."""
    placement_of(env).build_egress(stack, services_of(permissions(env)))
