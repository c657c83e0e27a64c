"""The placement `private`: tasks stand in subnets without public addresses and reach AWS through NAT gateways."""

from dataclasses import dataclass

from troposphere import Ref

from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.resources.network.nat import add_private_subnets
from compiler.resources.network.vpc import add_vpc
from spec.environment import Environment
from spec.sections.network import Private


@dataclass(frozen=True)
class PrivatePlacement:
    """Tasks behind NAT gateways, and a load balancer in public subnets."""

    env: Environment
    section: Private

    vpc = values.VPC
    task_subnets = values.PRIVATE_SUBNETS
    # Where those of `public` are: EFS takes one address in a zone, and another mode would make the second one first.
    file_system_subnets = values.PUBLIC_SUBNETS
    load_balancer_subnets = values.PUBLIC_SUBNETS
    database_subnets = values.DATABASE_SUBNETS

    def build(self, stack: StackBuilder, *, isolated: bool) -> Ref:
        """Add a VPC with public subnets and, for a database, subnets without a route to the internet."""
        return add_vpc(self.env, stack, isolated=isolated)

    def build_egress(self, stack: StackBuilder) -> None:
        """Add NAT gateways in public subnets, and the private subnets whose routes lead to them."""
        gateways = len(values.PRIVATE_SUBNETS) if self.section.nat == "per_zone" else 1
        add_private_subnets(self.env, stack, gateways=gateways)
