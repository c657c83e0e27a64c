"""Subnets in two availability zones, and their routes."""

from troposphere import GetAZs, Ref, Select, Tags
from troposphere.ec2 import RouteTable, Subnet, SubnetRouteTableAssociation

from compiler.model.stack import StackBuilder

ZONES = "AB"
ORDINALS = ("first", "second")


def add_route_table(stack: StackBuilder, vpc: Ref, *, kind: str, name: str, subnets: str) -> RouteTable:
    """Add the route table of some subnets."""
    table = RouteTable(f"{kind}RouteTable", VpcId=vpc, Tags=Tags(Name=name))
    return stack.add(table, f"Route table of the {subnets}")


def add_subnets(
    stack: StackBuilder, vpc: Ref, routes: RouteTable, cidrs: tuple[str, ...], *, kind: str, name: str
) -> list[Ref]:
    """Add a subnet per availability zone, and return references to them."""
    refs = []
    for index, (zone, cidr) in enumerate(zip(ZONES, cidrs, strict=True)):
        subnet = stack.add(
            Subnet(
                f"{kind}Subnet{zone}",
                VpcId=vpc,
                AvailabilityZone=Select(index, GetAZs("")),
                CidrBlock=cidr,
                MapPublicIpOnLaunch=False,  # a task asks for its address itself; nothing else here may have one
                Tags=Tags(Name=f"{name}-{kind.lower()}-{zone.lower()}"),
            ),
            f"{kind} subnet in the {ORDINALS[index]} availability zone",
        )
        stack.add(
            SubnetRouteTableAssociation(f"{kind}Subnet{zone}Routes", SubnetId=subnet.ref(), RouteTableId=routes.ref()),
            f"Route table of {kind.lower()} subnet {zone}",
        )
        refs.append(subnet.ref())
    return refs
