"""Subnets in several availability zones, and their routes."""

from collections.abc import Sequence
from typing import Any

from troposphere import GetAZs, Ref, Select, Tags
from troposphere.ec2 import RouteTable, Subnet, SubnetRouteTableAssociation

from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from spec.aws_facts.regions import FARGATE_ZONES
from spec.owner import Owner

ZONES = "ABCDEF"
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


def add_route_table(stack: StackBuilder, vpc: Ref, *, kind: str, name: str, subnets: str, zone: str = "") -> RouteTable:
    """Add the route table of some subnets; one of several has its `zone` in its logical id."""
    table = RouteTable(f"{kind}RouteTable{zone}", VpcId=vpc, Tags=Tags(Name=name))
    return stack.add(table, f"Route table of the {subnets}")


def add_subnets(
    owner: Owner, stack: StackBuilder, tables: Sequence[RouteTable], cidrs: Sequence[str], *, kind: str
) -> list[Ref]:
    """Add a subnet per availability zone to the VPC of its route table, and return references to them."""
    refs = []
    for index, (routes, cidr) in enumerate(zip(tables, cidrs, strict=True)):
        zone = ZONES[index]
        subnet = stack.add(
            Subnet(
                f"{kind}Subnet{zone}",
                VpcId=routes.VpcId,
                AvailabilityZone=_zone(owner, stack, index),
                CidrBlock=cidr,
                MapPublicIpOnLaunch=False,  # a task asks for its address itself; nothing else here may have one
                Tags=Tags(Name=f"{owner.name}-{kind.lower()}-{zone.lower()}"),
            ),
            f"{kind} subnet in the {ORDINALS[index]} availability zone",
        )
        stack.add(
            SubnetRouteTableAssociation(f"{kind}Subnet{zone}Routes", SubnetId=subnet.ref(), RouteTableId=routes.ref()),
            f"Route table of {kind.lower()} subnet {zone}",
        )
        refs.append(subnet.ref())
    return refs


def _zone(owner: Owner, stack: StackBuilder, index: int) -> Any:
    """Return the name of a zone: the deployer knows it where Fargate is not in every one."""
    return stack.parameter(values.ZONES[index]) if owner.aws.region in FARGATE_ZONES else Select(index, GetAZs(""))
