"""Every route out of the VPC of an environment, and the observations that can depend on it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from compiler.connections import LOAD_BALANCER
from compiler.contract import COMMAND, RootOutput
from compiler.model import stack_values as values
from tests.life.enforcement.deployed import Deployed
from tests.life.enforcement.removal import Observation, Removable
from tests.life.enforcement.security_groups import to_web_server

HEADING = ("destination", "leads to")
TARGETS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "GatewayId": ("igw-", "internet gateway"),
        "NatGatewayId": ("nat-", "NAT gateway"),
        "TransitGatewayId": ("tgw-", "transit gateway"),
    }
)
"""How EC2 names what a route leads to: the beginning of its id, and its noun."""
DESTINATION = "DestinationCidrBlock"


@dataclass(frozen=True, kw_only=True)
class Route:
    """A route of a route table, and the subnets that have this table; `described` is what EC2 says of it."""

    name: str
    table: str
    subnets: frozenset[str]
    described: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Under which name EC2 says what it leads to."""
        return next(key for key, (prefix, _) in TARGETS.items() if str(self.described.get(key)).startswith(prefix))


def routes(deployed: Deployed) -> Sequence[Route]:
    """Return every route out of the VPC of an environment, by their names: EC2 lists them in any order."""
    return sorted(_listed(deployed), key=lambda one: one.name)


def removable(deployed: Deployed, route: Route) -> Removable:
    """Return how the EC2 API takes a route away and puts it back."""
    ec2, destination = deployed.kept.client("ec2"), str(route.described[DESTINATION])
    where = {"RouteTableId": route.table, DESTINATION: destination}
    return Removable(
        name=route.name,
        details=(destination, TARGETS[route.key][1]),
        remove=partial(ec2.delete_route, **where),
        restore=partial(ec2.create_route, **where, **{route.key: route.described[route.key]}),
    )


def observations(deployed: Deployed, route: Route) -> Iterator[Observation]:
    """Yield what can depend on a route: a task stands in one of the subnets that it leads out of."""
    if route.subnets & _of_load_balancer(deployed):
        yield to_web_server(deployed)
    if behind := _behind(deployed, route):
        yield Observation(f"a new task ({values.noun(COMMAND)})", partial(deployed.starts, COMMAND, sorted(behind)))


def is_used(deployed: Deployed, route: Route) -> bool:
    """Whether a visitor came by it, or a task started behind it, before anything was taken away."""
    visited = any(deployed.group(LOAD_BALANCER) in passed.target for passed in deployed.passed)
    comes = bool(route.subnets & _of_load_balancer(deployed))
    return (comes and visited) or bool(_behind(deployed, route) & deployed.subnets_of_tasks)


def _listed(deployed: Deployed) -> Iterator[Route]:
    ec2, subnets = deployed.kept.client("ec2"), sorted(_of_tasks(deployed))
    vpc = ec2.describe_subnets(SubnetIds=subnets)["Subnets"][0]["VpcId"]
    names = {identity: name for name, identity in deployed.ids.items()}
    prefixes = tuple(prefix for prefix, _ in TARGETS.values())
    for table in ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]:
        identity = table["RouteTableId"]
        having = frozenset(one["SubnetId"] for one in table["Associations"] if "SubnetId" in one)
        for one in table["Routes"]:
            if any(str(one.get(key)).startswith(prefixes) for key in TARGETS):
                name = names.get(f"{identity}|{one[DESTINATION]}") or _given_name(deployed, having)
                yield Route(name=name, table=identity, subnets=having, described=one)


def _behind(deployed: Deployed, route: Route) -> frozenset[str]:
    """Return the subnets of tasks that a route leads out of, by itself or behind the NAT gateways in its subnets."""
    gateways = deployed.kept.client("ec2").describe_nat_gateways()["NatGateways"]
    inside = {one["NatGatewayId"] for one in gateways if one["SubnetId"] in route.subnets}
    through = (one.subnets for one in routes(deployed) if one.described.get("NatGatewayId") in inside)
    return route.subnets.union(*through) & _of_tasks(deployed)


def _of_tasks(deployed: Deployed) -> frozenset[str]:
    return frozenset(deployed.outputs[RootOutput.TASK_SUBNETS].split(","))


def _of_load_balancer(deployed: Deployed) -> frozenset[str]:
    balancers = deployed.kept.client("elbv2").describe_load_balancers()["LoadBalancers"]
    return frozenset(zone["SubnetId"] for one in balancers for zone in one["AvailabilityZones"])


def _given_name(deployed: Deployed, subnets: frozenset[str]) -> str:
    """Name a route of a network that was there before by the keys under which the YAML names its subnets."""
    given = deployed.env.network.given
    assert given is not None
    return ",".join(key for key, named in vars(given).items() if key.endswith("_subnets") and subnets & {*named})
