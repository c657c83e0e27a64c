"""A VPC of the environment's own whose tasks have no public addresses."""

from tests.spec.minimal import minimal, refused


def test_tasks_have_no_public_addresses() -> None:
    """One NAT gateway unless the YAML says otherwise; nothing of the network is there before."""
    network = minimal("network: {", "network: {mode: private, ").network
    assert (network.public_addresses, network.given, network.model_dump()["nat"]) == (False, None, "one")


def test_gateways_are_one_or_one_per_zone() -> None:
    """Any other word is refused with both."""
    fault = refused("network: {", "network: {mode: private, nat: none, ")
    assert (fault.path, fault.hint) == ("network.nat", "valid: one or per_zone")


def test_a_load_balancer_inside_the_vpc_fits() -> None:
    """For people who have a way into it."""
    assert not minimal("network: {", "network: {mode: private, ", more="web: {scheme: internal}\n").web.internet_facing
