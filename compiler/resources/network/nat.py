"""NAT gateways, through which what stands in private subnets leaves the VPC."""

from troposphere import GetAtt, Ref, Tags
from troposphere.ec2 import EIP, NatGateway, Route

from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.resources.network.private_subnets import add_private_subnets, add_private_tables
from compiler.resources.network.subnets import ORDINALS, ZONES
from spec.owner import Owner
from spec.sections.networks.own_vpc import OwnVpc


def add_nat_gateways(owner: Owner, network: OwnVpc, stack: StackBuilder, *, gateways: int) -> None:
    """Add NAT gateways in the first zones, and in every zone a private subnet whose route leads to one."""
    nats = [_add_gateway(owner, stack, index) for index in range(gateways)]
    tables = add_private_tables(owner, network, stack)
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
    add_private_subnets(owner, network, stack, tables)


def _add_gateway(owner: Owner, stack: StackBuilder, index: int) -> Ref:
    zone, tags = ZONES[index], Tags(Name=f"{owner.name}-nat-{ZONES[index].lower()}")
    where = f"the NAT gateway in the {ORDINALS[index]} availability zone"
    address = stack.add(EIP(f"NatAddress{zone}", Domain="vpc", Tags=tags), f"Address of {where}")
    gateway = NatGateway(
        f"NatGateway{zone}",
        AllocationId=GetAtt(address, "AllocationId"),
        SubnetId=stack.parameter(values.PUBLIC_SUBNETS[index]),
        Tags=tags,
    )
    return stack.add(gateway, f"{where[0].upper()}{where[1:]}").ref()
