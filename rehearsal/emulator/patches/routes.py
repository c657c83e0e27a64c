"""Where the route table of a subnet leads, by MiniStack's tables.

Sources: "Route tables", Amazon VPC User Guide, https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html,
and "NAT gateways", https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html: one on the internet stands in
a public subnet, and a route to one that is gone leads nowhere.
"""
# ruff: noqa: SLF001  what needs looking at is not public

from collections.abc import Iterator, Mapping
from typing import Any

from ministack.core.responses import get_region
from ministack.services import ec2

from rehearsal.emulator.networking.reachability import Subnet

EVERYWHERE = "0.0.0.0/0"
AVAILABLE = "available"
LOCAL = "local"
INNER = ("TransitGatewayId", "VpcPeeringConnectionId")
"""The targets of routes to networks that are connected to a VPC."""
INNER_GATEWAYS = ("vgw-", LOCAL)
"""How the ids of such gateways begin."""

Record = Mapping[str, Any]


def subnet_of(identity: str, subnet: Record) -> Subnet:
    """Return a subnet with its ways out, as MiniStack's record has it."""
    vpc = str(subnet.get("VpcId", ""))
    table = _route_table(identity, vpc)
    routes: list[Record] = list(table.get("Routes") or ())
    endpoints = [
        one
        for one in list(ec2._vpc_endpoints.values())
        if one["VpcEndpointType"] == "Gateway" and table.get("RouteTableId") in one.get("RouteTableIds", ())
    ]
    ways = [route for route in routes if route.get("DestinationCidrBlock") == EVERYWHERE]
    return Subnet(
        block=subnet["CidrBlock"],
        vpc=vpc,
        zone=str(subnet.get("AvailabilityZone", "")),
        internet_gateway=any(_leads_to_internet(route, vpc) for route in ways),
        nat_gateway=any(_is_way_out(str(route.get("NatGatewayId") or "")) for route in ways),
        inner_blocks=tuple(_inner_blocks(routes)),
        gateway_endpoints=tuple(map(service_of, endpoints)),
        policies={service_of(one): one.get("PolicyDocument") for one in endpoints},
    )


def service_of(endpoint: Record) -> str:
    """Return the name of the service of an endpoint, such as `ecr.api`."""
    return str(endpoint["ServiceName"]).removeprefix(f"com.amazonaws.{get_region()}.")


def has_internet_gateway(vpc: str) -> bool:
    """Whether an internet gateway is attached to a VPC."""
    return any(_is_attached(gateway, vpc) for gateway in list(ec2._internet_gateways))


def _is_way_out(gateway: str) -> bool:
    """Whether a NAT gateway is there, and stands in a subnet whose route leads to the internet."""
    record = ec2._nat_gateways.get(gateway) or {}
    if record.get("State") != AVAILABLE or record.get("ConnectivityType") != "public":
        return False
    table = _route_table(record["SubnetId"], record["VpcId"])
    ways = (route for route in table.get("Routes") or () if route.get("DestinationCidrBlock") == EVERYWHERE)
    return any(_leads_to_internet(route, record["VpcId"]) for route in ways)


def _inner_blocks(routes: list[Record]) -> Iterator[str]:
    for route in routes:
        inner = any(route.get(key) for key in INNER) or str(route.get("GatewayId") or "").startswith(INNER_GATEWAYS)
        if inner and route.get("DestinationCidrBlock", EVERYWHERE) != EVERYWHERE:
            yield str(route["DestinationCidrBlock"])


def _route_table(subnet: str, vpc: str) -> Record:
    """Return the route table of a subnet: the main one of its VPC, unless it is associated with another."""
    tables = list(ec2._route_tables.values())
    own = [one for one in tables if any(each.get("SubnetId") == subnet for each in one["Associations"])]
    main = [one for one in tables if one["VpcId"] == vpc and any(each.get("Main") for each in one["Associations"])]
    found: Record = next(iter([*own, *main]), {})
    return found


def _leads_to_internet(route: Record, vpc: str) -> bool:
    return _is_attached(str(route.get("GatewayId") or ""), vpc)


def _is_attached(gateway: str, vpc: str) -> bool:
    record = ec2._internet_gateways.get(gateway) or {}
    return any(one.get("VpcId") == vpc for one in record.get("Attachments") or ())
