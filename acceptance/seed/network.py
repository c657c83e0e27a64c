"""Makes the network that a YAML names by its ids on the embedded AWS, before anything is deployed to it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

from compiler.compile import compile_network
from compiler.contract import VPC
from deployer.aws.ec2 import EVERYWHERE
from deployer.aws.inventory import inventory
from deployer.aws.session import Session
from deployer.progress import Progress
from deployer.shared_network import plan_network
from rehearsal.emulator.rules.given_ids import GIVEN_ID
from spec.aws_facts.regions import FARGATE_ZONES
from spec.environment import Environment
from spec.sections.networks.kind import GivenNetwork
from spec.sections.networks.shared_network import SharedNetwork

BLOCK = ip_network("10.64.0.0/16")
SUBNET_PREFIX = 24
TRANSIT_GATEWAY = "tgw-0a1b2c3d4e5f67890"
"""Leads to the networks of people where the load balancer is inside the VPC, and to those of a database outside."""
_LISTED = (
    ("subnet", "describe_subnets", "Subnets", "SubnetId"),
    ("route table", "describe_route_tables", "RouteTables", "RouteTableId"),
    ("security group", "describe_security_groups", "SecurityGroups", "GroupId"),
    ("network interface", "describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId"),
)
"""What a VPC holds: its name in sentences, the call that lists it, where the answer has it, and the key of its id."""


@dataclass(frozen=True)
class MadeNetwork:
    """A network that was there before the environment: its VPC, what that held then, and what AWS lists of it.

    `vpc` is an id, `before` has what it holds by kind and id.
    """

    vpc: str
    before: Mapping[str, str]
    listed: frozenset[str]


def make_network(
    session: Session,
    env: Environment,
    progress: Callable[[str], AbstractContextManager[Progress]],
    as_user: Callable[[SharedNetwork], Session],
) -> MadeNetwork | None:
    """Make the network of an environment, and show that to `progress`; None where that makes its own.

    One that others share is deployed `as_user`, the session of who may do that.
    """
    network = env.network
    held = frozenset(inventory(session))
    if network.shared:
        with progress(network.shared.name) as shown:
            planned = plan_network(network.shared, compile_network(network.shared), as_user(network.shared), shown)
            vpc = planned.execute(shown).stack.outputs[VPC]
    elif network.given:
        vpc = network.given.vpc
        _make_given(session, env, network.given)
    else:
        return None
    return MadeNetwork(vpc, dict(_contents(session.client("ec2"), vpc)), frozenset(inventory(session)) - held)


def _make_given(session: Session, env: Environment, given: GivenNetwork) -> None:
    """Make a VPC and subnets under their ids: public, with a NAT gateway or without a way out, as each part needs."""
    client = session.client("ec2")
    client.create_vpc(CidrBlock=str(BLOCK), TagSpecifications=_under(given.vpc, "vpc"))
    for attribute in ("EnableDnsSupport", "EnableDnsHostnames"):
        client.modify_vpc_attribute(VpcId=given.vpc, **{attribute: {"Value": True}})
    places = dict(zip(_subnets(given), BLOCK.subnets(new_prefix=SUBNET_PREFIX), strict=False))
    zones = _zones(session, env)
    for subnet, block in places.items():
        client.create_subnet(
            VpcId=given.vpc,
            CidrBlock=str(block),
            AvailabilityZone=zones[_position(given, subnet) % len(zones)],
            TagSpecifications=_under(subnet, "subnet"),
        )
    _add_routes(client, env, given)


def changes_of(session: Session, made: MadeNetwork | None) -> tuple[str, ...]:
    """Return what of a network is not as it was made, each as `kind id`."""
    if made is None:
        return ()
    after = dict(_contents(session.client("ec2"), made.vpc))
    differing = (key for key in {**made.before, **after} if made.before.get(key) != after.get(key))
    return tuple(f"{key}, in a network that was there before" for key in sorted(differing))


def _add_routes(client: Any, env: Environment, given: GivenNetwork) -> None:
    """Give each subnet the way out that its part of the environment needs."""
    gateway = client.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    client.attach_internet_gateway(InternetGatewayId=gateway, VpcId=given.vpc)
    public = {
        *(given.load_balancer_subnets if env.web.internet_facing else ()),
        *(given.task_subnets if env.network.public_addresses else ()),
    }
    # The subnet of the NAT gateway is none of those that the YAML names.
    outer = client.create_subnet(VpcId=given.vpc, CidrBlock=str([*BLOCK.subnets(new_prefix=SUBNET_PREFIX)][-1]))
    nat_subnet = outer["Subnet"]["SubnetId"]
    people = () if env.web.internet_facing else env.network.allowed_cidrs
    connected = (*people, *(cidr for cidr in env.database.cidrs if cidr != EVERYWHERE))
    _route(client, given.vpc, [*sorted(public), nat_subnet], connected, GatewayId=gateway)
    private = sorted(set(given.task_subnets) - public)
    if private:
        address = client.allocate_address(Domain="vpc")["AllocationId"]
        nat = client.create_nat_gateway(SubnetId=nat_subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
        _route(client, given.vpc, private, connected, NatGatewayId=nat)
    closed = sorted({*given.load_balancer_subnets, *given.database_subnets} - {*public, *private})
    if connected and closed:
        _route(client, given.vpc, closed, connected)


def _route(client: Any, vpc: str, subnets: list[str], connected: Sequence[str], **out: str) -> None:
    """Give subnets a route to each connected network, as a VPN has it, and the way `out` where there is one."""
    table = client.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    if out:
        client.create_route(RouteTableId=table, DestinationCidrBlock=EVERYWHERE, **out)
    for block in connected:
        client.create_route(RouteTableId=table, DestinationCidrBlock=block, TransitGatewayId=TRANSIT_GATEWAY)
    for subnet in subnets:
        client.associate_route_table(RouteTableId=table, SubnetId=subnet)


def _zones(session: Session, env: Environment) -> list[str]:
    """Return the names of the zones that have Fargate."""
    names = session.ec2.zones()
    offered = FARGATE_ZONES.get(env.aws.region, tuple(sorted(names)))
    return [names[zone] for zone in offered if zone in names]


def _subnets(given: GivenNetwork) -> tuple[str, ...]:
    """Return every subnet once."""
    return tuple(dict.fromkeys((*given.task_subnets, *given.load_balancer_subnets, *given.database_subnets)))


def _position(given: GivenNetwork, subnet: str) -> int:
    """Return the place of a subnet in the first list that has it: each zone has one subnet of a list."""
    lists = (given.task_subnets, given.load_balancer_subnets, given.database_subnets)
    return next(one.index(subnet) for one in lists if subnet in one)


def _under(identity: str, kind: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [{"Key": GIVEN_ID, "Value": identity}]}]


def _contents(client: Any, vpc: str) -> Iterator[tuple[str, str]]:
    """Yield what is in a VPC, each with all that EC2 says of it."""
    for kind, operation, items, key in _LISTED:
        answer = getattr(client, operation)(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
        for one in answer[items]:
            yield f"{kind} {one[key]}", str(sorted(one.items()))
