"""The network that a YAML names is made before a rehearsal, and what a rehearsal changes in it is told."""

from collections import defaultdict
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from acceptance.seed.network import TRANSIT_GATEWAY, changes_of, make_network
from deployer.progress import Progress
from spec.environment import Environment
from spec.sections.networks.shared_network import SharedNetwork
from tests.deployer.fakes.cloudformation import FakeCloudFormation
from tests.deployer.fakes.session import FakeSession as InMemory
from tests.deployer.fakes.session import Recorder
from tests.spec.minimal import minimal
from tests.spec.networks import in_network, shared_network

if TYPE_CHECKING:
    from deployer.aws.session import Session

TASKS, EDGE, DATABASE = "[subnet-0000000a, subnet-0000000b]", "[subnet-0000000c, subnet-0000000d]", "subnet-0000000e"
EXISTING = f"network: {{mode: existing, vpc: vpc-0a1b2c3d, task_subnets: {TASKS}, "


@dataclass(kw_only=True)
class Client:
    """An EC2 that notes what is made; `routes` has the target of each subnet, `zones` its zone."""

    routes: dict[str, str] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)
    groups: list[dict[str, str]] = field(default_factory=list)
    connected: list[str] = field(default_factory=list)
    _tables: dict[str, str] = field(default_factory=dict)
    _made: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def __getattr__(self, operation: str) -> Any:
        """Answer whatever else is called with an id that counts up."""

        def answer(**_arguments: Any) -> dict[str, Any]:
            if operation.startswith(("describe_", "list_")):
                return defaultdict(list, SecurityGroups=self.groups)
            self._made[operation] += 1
            identity = f"{operation}-{self._made[operation]}"
            names = ("InternetGateway", "NatGateway", "RouteTable", "Subnet")
            return {"AllocationId": identity, **{name: {f"{name}Id": identity} for name in names}}

        return answer

    def can_paginate(self, _operation: str) -> bool:
        """Return that nothing comes in pages."""
        return False

    def create_subnet(self, **arguments: Any) -> dict[str, Any]:
        """Note the zone."""
        tags = arguments.get("TagSpecifications")
        identity = tags[0]["Tags"][0]["Value"] if tags else "outer"
        self.zones[identity] = arguments.get("AvailabilityZone", "")
        return {"Subnet": {"SubnetId": identity}}

    def create_route(self, **arguments: Any) -> None:
        """Note the target of a table; a route to a connected network comes after the way out."""
        target = next(arguments[key] for key in ("NatGatewayId", "GatewayId", "TransitGatewayId") if key in arguments)
        self._tables.setdefault(arguments["RouteTableId"], target)
        if "TransitGatewayId" in arguments:
            self.connected.append(arguments["DestinationCidrBlock"])

    def associate_route_table(self, **arguments: Any) -> None:
        """Note the target of a subnet."""
        self.routes[arguments["SubnetId"]] = self._tables[arguments["RouteTableId"]]


@dataclass
class FakeSession:
    """A session whose EC2 has two zones."""

    raw: Client = field(default_factory=Client)

    @property
    def ec2(self) -> "FakeSession":
        """Return what knows the zones."""
        return self

    def zones(self) -> dict[str, str]:
        """Return two zones."""
        return {"usw2-az1": "us-west-2a", "usw2-az2": "us-west-2b"}

    def client(self, _service: str) -> Client:
        """Return the client."""
        return self.raw

    @property
    def as_session(self) -> "Session":
        """Return it as what it stands for."""
        return cast("Session", self)


class Account(InMemory):
    """An AWS in memory that also lists what is in a VPC: nothing."""

    def client(self, _service: str) -> Client:
        """Return a raw client."""
        return Client()


def shown(_title: str) -> AbstractContextManager[Progress]:
    """Show progress to nobody."""
    return nullcontext(Recorder())


def nobody(network: SharedNetwork) -> "Session":
    """Fail: only a network that others share is deployed."""
    raise AssertionError(network.name)


def _environment(keys: str) -> Environment:
    return minimal("network: {", EXISTING + keys)


def _routes(env: Environment) -> dict[str, str]:
    session = FakeSession()
    made = make_network(session.as_session, env, shown, nobody)
    assert made is not None
    assert made.vpc == "vpc-0a1b2c3d"
    return {subnet[-1]: target.partition("_")[2] for subnet, target in session.raw.routes.items()}


def test_each_subnet_has_the_way_out_that_its_part_needs() -> None:
    """The load balancer an internet gateway, tasks a NAT gateway in a subnet of its own, the database none."""
    routes = _routes(_environment(f"load_balancer_subnets: {EDGE}, database_subnets: [{DATABASE}, subnet-0000000f], "))
    nat, internet = "nat_gateway-1", "internet_gateway-1"
    assert routes == {"a": nat, "b": nat, "c": internet, "d": internet, "r": internet}


def test_tasks_with_public_addresses_have_an_internet_gateway() -> None:
    """They need no NAT gateway then."""
    assert set(_routes(_environment("public_addresses: true, ")).values()) == {"internet_gateway-1"}


def test_a_load_balancer_inside_the_vpc_is_connected_to_its_visitors() -> None:
    """Its subnets have a route to each network of `allowed_cidrs`, and none to the internet."""
    session = FakeSession()
    env = minimal("network: {", f"{EXISTING}load_balancer_subnets: {EDGE}, ", more="web: {scheme: internal}\n")
    make_network(session.as_session, env, shown, nobody)
    assert set(session.raw.connected) == {"203.0.113.0/24"}
    assert session.raw.routes["subnet-0000000c"] == TRANSIT_GATEWAY


def test_the_subnets_of_a_part_are_in_several_zones() -> None:
    """One in each, as long as there are zones."""
    session = FakeSession()
    make_network(session.as_session, _environment(f"load_balancer_subnets: {EDGE}, "), shown, nobody)
    zones = {identity[-1]: zone[-1] for identity, zone in session.raw.zones.items() if zone}
    assert zones == {"a": "a", "b": "b", "c": "a", "d": "b"}


def test_what_an_environment_leaves_in_the_network_is_told() -> None:
    """By its kind and id; where nothing changed, nothing is told."""
    session = FakeSession()
    made = make_network(session.as_session, _environment("public_addresses: true, "), shown, nobody)
    assert changes_of(session.as_session, made) == ()
    session.raw.groups.append({"GroupId": "sg-1"})
    assert changes_of(session.as_session, made) == ("security group sg-1, in a network that was there before",)


def test_an_environment_with_a_network_of_its_own_needs_none() -> None:
    """Nothing is made, and nothing can change."""
    session = FakeSession()
    assert make_network(session.as_session, minimal(), shown, nobody) is None
    assert changes_of(session.as_session, None) == ()


def test_a_network_that_others_share_is_deployed_first(tmp_path: Path) -> None:
    """By its own templates and its own user, as with `windsock network deploy`."""
    shared_network(tmp_path)
    account, deployer = (
        Account(),
        InMemory(cloudformation=FakeCloudFormation(outputs=lambda _name, _parameters: {"Vpc": "vpc-1"})),
    )
    made = make_network(account.as_session, in_network(tmp_path), shown, lambda _network: deployer.as_session)
    assert made is not None
    assert made.vpc == "vpc-1"
    assert deployer.cloudformation.executed == ["team"]
    assert account.cloudformation.executed == []
