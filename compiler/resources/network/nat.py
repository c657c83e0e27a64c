"""Private subnets, and the NAT gateways through which what stands there leaves the VPC."""

from troposphere import GetAtt, Ref, Tags
from troposphere.ec2 import EIP, NatGateway, Route, RouteTable

from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.resources.network.subnets import ORDINALS, ZONES, add_route_table, add_subnets
from compiler.resources.network.vpc import add_storage_endpoint
from spec.environment import Environment

PRIVATE_CIDRS = ("10.0.48.0/20", "10.0.64.0/20")


def add_private_subnets(env: Environment, stack: StackBuilder, *, gateways: int) -> None:
    """Add a private subnet per availability zone, and NAT gateways in the first zones.

    Each zone has a route table of its own, so that more gateways change routes and nothing else.
    """
    vpc = stack.parameter(values.VPC)
    nats = [_add_gateway(env, stack, index) for index in range(gateways)]
    tables = [_add_table(env, stack, vpc, index) for index in range(len(PRIVATE_CIDRS))]
    for index, table in enumerate(tables):
        nat = nats[min(index, len(nats) - 1)]
        stack.add(
            Route(
                f"PrivateRoute{ZONES[index]}",
                RouteTableId=table.ref(),
                DestinationCidrBlock="0.0.0.0/0",
                NatGatewayId=nat,
            ),
            f"Route from the private subnet in the {ORDINALS[index]} availability zone to the internet",
        )
    add_storage_endpoint(stack, vpc, [table.ref() for table in tables])
    subnets = add_subnets(env, stack, tables, PRIVATE_CIDRS, kind="Private")
    for value, subnet in zip(values.PRIVATE_SUBNETS, subnets, strict=True):
        stack.output(value, subnet)


def _add_gateway(env: Environment, stack: StackBuilder, index: int) -> Ref:
    zone, tags = ZONES[index], Tags(Name=f"{env.name}-nat-{ZONES[index].lower()}")
    where = f"the NAT gateway in the {ORDINALS[index]} availability zone"
    address = stack.add(EIP(f"NatAddress{zone}", Domain="vpc", Tags=tags), f"Address of {where}")
    gateway = NatGateway(
        f"NatGateway{zone}",
        AllocationId=GetAtt(address, "AllocationId"),
        SubnetId=stack.parameter(values.PUBLIC_SUBNETS[index]),
        Tags=tags,
    )
    return stack.add(gateway, f"{where[0].upper()}{where[1:]}").ref()


def _add_table(env: Environment, stack: StackBuilder, vpc: Ref, index: int) -> RouteTable:
    zone = ZONES[index]
    name, subnets = f"{env.name}-private-{zone.lower()}", f"private subnet in the {ORDINALS[index]} availability zone"
    return add_route_table(stack, vpc, kind="Private", name=name, subnets=subnets, zone=zone)
