"""A VPC of the environment's own: its block, and how many zones it spans."""

import pytest

from tests.spec.minimal import minimal, refused


def _with(keys: str) -> str:
    return f"network: {{{keys}, "


def test_a_yaml_without_the_keys_keeps_block_and_zones() -> None:
    """An environment that stands has both, and its YAML names neither."""
    network = minimal().network
    assert (network.model_dump()["cidr"], network.zones, network.named_cidr) == ("10.0.0.0/16", 2, "")


@pytest.mark.parametrize("cidr", ["10.8.0.0/16", "172.20.0.0/18", "192.168.16.0/20", "100.64.0.0/16", "10.0.0.0/16"])
def test_a_private_block_is_welcome(cidr: str) -> None:
    """A deploy compares it with other VPCs, since the YAML names it."""
    assert minimal("network: {", _with(f"cidr: {cidr}")).network.named_cidr == cidr


@pytest.mark.parametrize(
    ("cidr", "said"),
    [
        ("10.0.0.0/21", "10.0.0.0/21 has 2048 addresses"),
        ("10.0.0.0/15", "10.0.0.0/15 has 131072 addresses"),
        ("203.0.0.0/16", "203.0.0.0/16 is not a private network"),
        ("172.32.0.0/16", "172.32.0.0/16 is not a private network"),
        ("10.0.0.1/16", "'10.0.0.1/16' is not an IPv4 CIDR block (10.0.0.1/16 has host bits set)"),
    ],
)
def test_another_block_is_refused_at_its_line(cidr: str, said: str) -> None:
    """Too small for its subnets, larger than a VPC of AWS, or of the internet."""
    fault = refused("network: {", _with(f"cidr: {cidr}"))
    assert (fault.path, fault.message, fault.line) == ("network.cidr", said, 4)


@pytest.mark.parametrize("zones", [1, 4])
def test_zones_are_two_or_three(zones: int) -> None:
    """A load balancer needs two, and regions have three."""
    assert refused("network: {", _with(f"zones: {zones}")).path == "network.zones"


def test_a_region_without_a_third_zone_is_named() -> None:
    """With the number that would do."""
    region = 'us-west-2}\nairflow: {version: 2.5.3, python: "3.10"}\n'
    fault = refused(f"{region}network: {{", f"{region.replace('west-2', 'west-1')}network: {{zones: 3, ")
    assert (fault.path, fault.message) == ("network.zones", "us-west-1 has 2 zones with Fargate")
    assert fault.hint == "set zones: 2, or choose another aws.region"
