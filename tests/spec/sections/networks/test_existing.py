"""A network that is there already: what its ids look like, and which parts may share subnets."""

import pytest

from spec.sections.networks.kind import GivenNetwork
from tests.spec.minimal import minimal, refused

PUBLIC = "network: {allowed_cidrs"
VPC, FIRST, SECOND = "vpc-0a1b2c3d4e5f67890", "subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"
TASKS = f"mode: existing, vpc: {VPC}, task_subnets: [{FIRST}, {SECOND}]"
EDGE = "load_balancer_subnets: [subnet-0a1b2c3d, subnet-0a1b2c3e]"
INTERNAL = "web: {scheme: internal}\n"


def _network(keys: str) -> str:
    return f"network: {{{keys}, allowed_cidrs"


def test_the_subnets_of_tasks_are_those_of_all() -> None:
    """Load balancer and database stand with the tasks unless the YAML names others; old ids have eight digits."""
    given = minimal(PUBLIC, _network(TASKS), more=INTERNAL).network.given
    assert given == GivenNetwork(
        vpc=VPC,
        task_subnets=(FIRST, SECOND),
        load_balancer_subnets=(FIRST, SECOND),
        database_subnets=(FIRST, SECOND),
    )
    edge = minimal(PUBLIC, _network(f"{TASKS}, {EDGE}")).network.given
    assert edge is not None
    assert edge.load_balancer_subnets == ("subnet-0a1b2c3d", "subnet-0a1b2c3e")


def test_tasks_have_public_addresses_only_where_the_yaml_says_so() -> None:
    """In private subnets they would be of no use."""
    assert not minimal(PUBLIC, _network(f"{TASKS}, {EDGE}")).network.public_addresses
    assert minimal(PUBLIC, _network(f"{TASKS}, public_addresses: true")).network.public_addresses


def test_one_subnet_cannot_serve_a_public_load_balancer_and_private_tasks() -> None:
    """Its route leads to an internet gateway or to a NAT gateway; the fault names the ways out of that."""
    fault = refused(PUBLIC, _network(TASKS))
    assert fault.path == "network.load_balancer_subnets"
    for way in ("load_balancer_subnets", "web.scheme: internal", "public_addresses: true"):
        assert way in fault.hint
    shared = EDGE.replace("subnet-0a1b2c3e", SECOND)
    assert refused(PUBLIC, _network(f"{TASKS}, {shared}")).path == "network.load_balancer_subnets"


def test_a_load_balancer_that_is_not_there_has_no_subnets() -> None:
    """With `web.load_balancer: none` the line would mean nothing."""
    without = f"network: {{{TASKS}, {EDGE}}}\nweb: {{load_balancer: none}}\n"
    fault = refused("network: {allowed_cidrs: [203.0.113.0/24]}\n", without)
    assert fault.path == "network.load_balancer_subnets"


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (VPC, "main", "network.vpc"),
        (FIRST, "sub-1", "network.task_subnets[0]"),
        (SECOND, FIRST, "network.task_subnets[1]"),
        (f", {SECOND}", "", "network.task_subnets"),
        (f"vpc: {VPC}, ", "", "network.vpc"),
    ],
)
def test_what_cannot_be_a_network_is_refused_at_its_place(old: str, new: str, path: str) -> None:
    """Ids that AWS does not make, a subnet twice, one zone only, no VPC."""
    fault = refused(PUBLIC, _network(TASKS.replace(old, new)), more=INTERNAL)
    assert fault.path == path


def test_keys_of_an_existing_network_go_with_no_other() -> None:
    """At the key, with what to do."""
    fault = refused(PUBLIC, f"network: {{vpc: {VPC}, allowed_cidrs")
    assert (fault.path, "does not go with this kind of network" in fault.message) == ("network.vpc", True)
