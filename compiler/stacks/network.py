"""The network of an environment: VPC and subnets as its placement has them, and security groups."""

from compiler.connections import LOAD_BALANCER, connections, groups
from compiler.databases.roster import database_of
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.placements.roster import placement_of
from compiler.resources.security_groups import add_rules, add_security_group
from spec.environment import Environment

DESCRIPTION = "VPC, subnets and security groups"
TIMEOUT_MINUTES = 15
INPUTS = frozenset({*values.ZONES, values.VPC, values.security_group_of(LOAD_BALANCER)})
OUTPUTS = frozenset({values.VPC, *values.PUBLIC_SUBNETS, *values.DATABASE_SUBNETS, *values.SECURITY_GROUPS})


def build(env: Environment, stack: StackBuilder) -> None:
    """Add the network of an environment."""
    vpc = placement_of(env).build(stack, isolated=database_of(env).needs_isolated_subnets)
    for group in groups(env):
        add_security_group(env, stack, group, vpc)
    for connection in connections(env):
        add_rules(stack, connection)
