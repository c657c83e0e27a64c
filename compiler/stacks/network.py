"""The network of an environment: its VPC, subnets as placement and database need them, and security groups."""

from troposphere import Ref, Tags
from troposphere.ec2 import VPC

from compiler.connections import connections, groups
from compiler.databases.roster import database_of
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.placements.roster import placement_of
from compiler.resources.security_groups import add_rules, add_security_group
from compiler.resources.subnets import add_route_table, add_subnets
from spec.environment import Environment

DESCRIPTION = "VPC, subnets and security groups"
TIMEOUT_MINUTES = 15
INPUTS = frozenset(values.ZONES)
OUTPUTS = frozenset({values.VPC, *values.TASK_SUBNETS, *values.DATABASE_SUBNETS, *values.SECURITY_GROUPS})

VPC_CIDR = "10.0.0.0/16"
DATABASE_CIDRS = ("10.0.32.0/24", "10.0.33.0/24")
VPC_ID = Ref("Vpc")


def build(env: Environment, stack: StackBuilder) -> None:
    """Add the network of an environment."""
    stack.add(
        VPC(
            "Vpc",
            CidrBlock=VPC_CIDR,
            EnableDnsHostnames=True,  # containers find the file system and each other by name
            EnableDnsSupport=True,
            Tags=Tags(Name=env.name),
        ),
        "VPC of this environment",
    )
    stack.output(values.VPC, VPC_ID)
    placement_of(env).build(stack, VPC_ID)
    if database_of(env).needs_isolated_subnets:
        _add_isolated_subnets(env, stack)
    for group in groups(env):
        add_security_group(env, stack, group, VPC_ID)
    for connection in connections(env):
        add_rules(stack, connection)


def _add_isolated_subnets(env: Environment, stack: StackBuilder) -> None:
    isolated = "subnets without a route to the internet"
    routes = add_route_table(stack, VPC_ID, kind="Database", name=f"{env.name}-database", subnets=isolated)
    subnets = add_subnets(env, stack, routes, DATABASE_CIDRS, kind="Database")
    for value, subnet in zip(values.DATABASE_SUBNETS, subnets, strict=True):
        stack.output(value, subnet)
