"""The placement `public`: tasks stand in public subnets and reach AWS from an address of their own, without NAT."""

from dataclasses import dataclass

from troposphere import Ref

from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.resources.network.vpc import add_vpc
from spec.environment import Environment
from spec.sections.network import Public


@dataclass(frozen=True)
class PublicPlacement:
    """Tasks with public addresses behind closed security groups."""

    env: Environment
    section: Public

    vpc = values.VPC
    task_subnets = values.PUBLIC_SUBNETS
    file_system_subnets = values.PUBLIC_SUBNETS
    load_balancer_subnets = values.PUBLIC_SUBNETS
    database_subnets = values.DATABASE_SUBNETS

    def build(self, stack: StackBuilder, *, isolated: bool) -> Ref:
        """Add a VPC with public subnets and, for a database, subnets without a route to the internet."""
        return add_vpc(self.env, stack, isolated=isolated)

    def build_egress(self, _stack: StackBuilder) -> None:
        """Add nothing: tasks leave the VPC from addresses of their own."""
        return
