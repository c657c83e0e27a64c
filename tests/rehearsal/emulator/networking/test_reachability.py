"""The promises of rehearsal/emulator/networking/reachability.py."""

from dataclasses import replace

import pytest

from rehearsal.emulator.networking.interfaces import HTTPS, Flow, Interface, Placement
from rehearsal.emulator.networking.reachability import AWS_ADDRESS, InterfaceEndpoint, Reachability, Subnet
from rehearsal.emulator.networking.security_rules import Rule

POSTGRES = Flow("tcp", 5432)
WEB = Placement(subnet="public", groups=("sg-web",), public=True)
DATABASE = Placement(subnet="closed", groups=("sg-db",))


def _rule(group: str, *, egress: bool, port: int, groups: tuple[str, ...] = (), cidrs: tuple[str, ...] = ()) -> Rule:
    return Rule(group=group, egress=egress, protocol="tcp", first=port, last=port, groups=groups, cidrs=cidrs)


OUT = _rule("sg-web", egress=True, port=5432, groups=("sg-db",))
IN = _rule("sg-db", egress=False, port=5432, groups=("sg-web",))
TO_INTERNET = _rule("sg-web", egress=True, port=443, cidrs=("0.0.0.0/0",))
VIEW = Reachability(
    rules=(OUT, IN, TO_INTERNET),
    subnets={
        "public": Subnet(block="10.0.0.0/24", vpc="vpc-1", internet_gateway=True),
        "closed": Subnet(block="10.0.1.0/24", vpc="vpc-1"),
        "private": Subnet(block="10.0.2.0/24", vpc="vpc-1", nat_gateway=True),
    },
    interfaces=(Interface(address="10.77.64.1", owner="task 1", placement=WEB),),
    group_names={"sg-web": "web", "sg-db": "database"},
)


def _without(rule: Rule) -> Reachability:
    return replace(VIEW, rules=tuple(one for one in VIEW.rules if one is not rule))


def test_a_connection_needs_a_rule_at_both_ends() -> None:
    """And the obstacle is named by its groups."""
    assert VIEW.obstacle(WEB, DATABASE, POSTGRES) == ""
    ends = "lets tcp 5432 from web (sg-web) to database (sg-db)"
    assert _without(OUT).obstacle(WEB, DATABASE, POSTGRES) == f"no egress rule {ends}"
    assert _without(IN).obstacle(WEB, DATABASE, POSTGRES) == f"no ingress rule {ends}"


def test_another_direction_or_port_is_closed() -> None:
    """A rule for a connection is none for one the other way."""
    assert VIEW.obstacle(DATABASE, WEB, POSTGRES).startswith("no egress rule")
    assert VIEW.obstacle(WEB, DATABASE, Flow("tcp", 5433)).startswith("no egress rule")


def test_a_rule_by_cidr_means_the_subnets_inside() -> None:
    """An interface is where its subnet is, whatever its address is here."""
    by_block = replace(VIEW, rules=(OUT, _rule("sg-db", egress=False, port=5432, cidrs=("10.0.0.0/23",))))
    assert by_block.obstacle(WEB, DATABASE, POSTGRES) == ""
    other = replace(VIEW, rules=(OUT, _rule("sg-db", egress=False, port=5432, cidrs=("10.0.1.0/24",))))
    assert other.obstacle(WEB, DATABASE, POSTGRES).startswith("no ingress rule")


@pytest.mark.parametrize(
    ("placement", "obstacle"),
    [
        (WEB, ""),
        (replace(WEB, public=False), "web (sg-web) has no public address"),
        (replace(WEB, subnet="closed"), "web (sg-web) has no internet gateway in the route table of closed"),
        (replace(WEB, subnet="private", public=False), ""),
    ],
)
def test_the_internet_needs_a_route(placement: Placement, obstacle: str) -> None:
    """An internet gateway and a public address, or a NAT gateway."""
    expected = f"no route to the internet: {obstacle}" if obstacle else ""
    assert VIEW.obstacle(placement, AWS_ADDRESS, HTTPS) == expected
    assert VIEW.leaves(placement) is not bool(obstacle)


def test_a_connected_network_is_reached_without_the_internet() -> None:
    """By the routes of the subnet: that of the VPC itself, those to a VPN, and no other address."""
    subnet = replace(VIEW.subnets["closed"], inner_blocks=("10.0.0.0/16", "172.16.0.0/12"))
    rules = tuple(_rule("sg-db", egress=egress, port=443, cidrs=("0.0.0.0/0",)) for egress in (True, False))
    view = replace(VIEW, rules=rules, subnets={"closed": subnet})
    for address in ("10.0.9.9", "172.16.1.1"):
        assert view.obstacle(DATABASE, address, HTTPS) == ""
        assert view.obstacle(address, DATABASE, HTTPS) == ""
    assert view.obstacle("192.168.0.1", DATABASE, HTTPS).startswith("no route from the internet")
    assert view.obstacle(DATABASE, "192.168.0.1", HTTPS).startswith("no route to the internet")


def test_a_client_of_the_internet_needs_a_way_in() -> None:
    """Its rule is not enough where nothing routes to the target."""
    rule = _rule("sg-web", egress=False, port=80, cidrs=("198.51.100.0/24",))
    view = replace(VIEW, rules=(rule,))
    assert view.obstacle("198.51.100.1", WEB, Flow("tcp", 80)) == ""
    assert view.obstacle("203.0.113.1", WEB, Flow("tcp", 80)).startswith("no ingress rule")
    assert view.obstacle("198.51.100.1", replace(WEB, public=False), Flow("tcp", 80)).startswith("no route from")


def test_an_endpoint_of_a_service_takes_the_place_of_the_internet() -> None:
    """A gateway endpoint needs the rule alone; an interface endpoint has groups of its own."""
    inside = replace(WEB, subnet="closed")
    assert VIEW.obstacle_to_service(inside, "s3").startswith("no route")
    assert not VIEW.reaches_some_api(inside)
    closed = replace(VIEW.subnets["closed"], gateway_endpoints=("s3",))
    with_gateway = replace(VIEW, subnets={**VIEW.subnets, "closed": closed})
    assert with_gateway.obstacle_to_service(inside, "s3") == ""
    assert with_gateway.reaches_some_api(inside)
    endpoint = InterfaceEndpoint(service="logs", vpc="vpc-1", placement=Placement(subnet="closed", groups=("sg-end",)))
    with_interface = replace(VIEW, endpoints=(endpoint,))
    assert with_interface.obstacle_to_service(inside, "logs").startswith("no ingress rule lets tcp 443")
    assert with_interface.obstacle_to_service(WEB, "logs").startswith("no ingress rule")
    opened = _rule("sg-end", egress=False, port=443, cidrs=("10.0.0.0/16",))
    assert replace(with_interface, rules=(TO_INTERNET, opened)).obstacle_to_service(inside, "logs") == ""


def test_an_address_is_its_interface() -> None:
    """An address without an interface is one of the internet."""
    assert VIEW.end("10.77.64.1") == WEB
    assert VIEW.end("10.77.64.9") == "10.77.64.9"


def test_the_policy_on_the_way_is_that_of_the_endpoint() -> None:
    """An interface serves its whole VPC, a gateway the subnets with its route; without either nothing limits a call."""
    policy: dict[str, list[str]] = {"Statement": []}
    gateway = replace(VIEW.subnets["closed"], gateway_endpoints=("s3",), policies={"s3": policy})
    view = replace(VIEW, subnets={**VIEW.subnets, "closed": gateway})
    assert view.policy_on_the_way(DATABASE, "s3") is policy
    assert view.policy_on_the_way(WEB, "s3") is None
    endpoint = InterfaceEndpoint(service="logs", vpc="vpc-1", placement=DATABASE, policy=policy)
    assert replace(view, endpoints=(endpoint,)).policy_on_the_way(WEB, "logs") is policy
    elsewhere = replace(endpoint, vpc="vpc-2")
    assert replace(view, endpoints=(elsewhere,)).policy_on_the_way(WEB, "logs") is None
