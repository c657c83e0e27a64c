"""The placement `endpoints`: tasks stand in subnets without a way out, and reach AWS through endpoints in the VPC."""

from collections.abc import Iterable
from itertools import chain
from typing import ClassVar

from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.placements.own_vpc import OwnVpcPlacement
from compiler.resources.network.endpoints import add_endpoints
from compiler.resources.network.private_subnets import add_private_subnets, add_private_tables
from compiler.resources.policies import document, image_layers, only_this_account
from spec.aws_facts.endpoints import OWN
from spec.environment import Environment
from spec.sections.network import EndpointNetwork


class EndpointsPlacement(OwnVpcPlacement):
    """Tasks without a route to the internet; nothing but a load balancer on the internet has one."""

    env: Environment
    section: EndpointNetwork

    groups: ClassVar[tuple[str, ...]] = (values.ENDPOINTS,)

    @property
    def has_internet_gateway(self) -> bool:
        """Whether the public subnets have a way to the internet: only for a load balancer there."""
        return self.env.web.internet_facing

    def way_to(self, endpoint: str, /) -> str:
        """Return how tasks reach an AWS service: by its endpoint, if the environment needs one or the YAML names it."""
        there = endpoint in {*self.section.services, *chain.from_iterable(OWN.values())}
        return super().way_to(endpoint) or (f"endpoint of {endpoint}" if there else "")

    def build_egress(self, stack: StackBuilder, services: Iterable[str], /) -> None:
        """Add private subnets without a route to the internet, and the endpoints through which tasks reach AWS."""
        tables = add_private_tables(self.env, self.section, stack)
        policy = document(only_this_account(), image_layers())
        subnets = add_private_subnets(self.env, self.section, stack, tables, policy)
        add_endpoints(self.env, stack, subnets, tables, (*services, *self.section.services))
