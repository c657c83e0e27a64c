"""Subnets without public addresses, each with a route table of its own, and S3 by a gateway endpoint."""

from typing import Any

from troposphere import Ref
from troposphere.ec2 import RouteTable

from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.resources.network.blocks import subnet_blocks
from compiler.resources.network.subnets import ORDINALS, ZONES, add_route_table, add_subnets
from compiler.resources.network.vpc import add_storage_endpoint
from spec.owner import Owner
from spec.sections.networks.own_vpc import OwnVpc


def add_private_tables(owner: Owner, network: OwnVpc, stack: StackBuilder) -> list[RouteTable]:
    """Add a route table per availability zone, so that another way out changes routes and nothing else."""
    vpc = stack.parameter(values.VPC)
    return [_add_table(owner, stack, vpc, index) for index in range(network.zones)]


def add_private_subnets(
    owner: Owner,
    network: OwnVpc,
    stack: StackBuilder,
    tables: list[RouteTable],
    policy: dict[str, Any] | None = None,
) -> list[Ref]:
    """Add a private subnet per availability zone with its route table, output them, and return references to them.

    `policy` is that of the endpoint of S3.
    """
    add_storage_endpoint(stack, stack.parameter(values.VPC), [table.ref() for table in tables], policy)
    subnets = add_subnets(owner, stack, tables, subnet_blocks(network).private, kind="Private")
    for value, subnet in zip(values.PRIVATE_SUBNETS, subnets, strict=False):
        stack.output(value, subnet)
    return subnets


def _add_table(owner: Owner, stack: StackBuilder, vpc: Ref, index: int) -> RouteTable:
    zone = ZONES[index]
    name, subnets = f"{owner.name}-private-{zone.lower()}", f"private subnet in the {ORDINALS[index]} availability zone"
    return add_route_table(stack, vpc, kind="Private", name=name, subnets=subnets, zone=zone)
