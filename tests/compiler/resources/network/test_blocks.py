"""Promises of the blocks of subnets: they fit into the VPC, and those of environments that stand never move."""

from ipaddress import IPv4Network

import pytest

from compiler.resources.network.blocks import SubnetBlocks, subnet_blocks
from spec.sections.network import Public


def _blocks(cidr: str, zones: int) -> SubnetBlocks:
    return subnet_blocks(Public.model_validate({"cidr": cidr, "zones": zones, "allowed_cidrs": ["10.0.0.0/8"]}))


def test_environments_that_stand_keep_their_blocks() -> None:
    """Another block replaces a subnet, and with it what stands there."""
    blocks = _blocks("10.0.0.0/16", 2)
    assert blocks.public == ("10.0.0.0/20", "10.0.16.0/20")
    assert blocks.isolated == ("10.0.32.0/24", "10.0.33.0/24")
    assert blocks.private == ("10.0.48.0/20", "10.0.64.0/20")


def test_a_third_zone_moves_no_subnet() -> None:
    """An environment that stands may get one."""
    two, three = (_blocks("10.0.0.0/16", zones) for zones in (2, 3))
    assert (three.public[:2], three.private[:2], three.isolated[:2]) == (two.public, two.private, two.isolated)


@pytest.mark.parametrize("cidr", ["10.0.0.0/16", "10.9.64.0/18", "192.168.240.0/20"])
def test_subnets_share_the_block_of_the_vpc_and_no_address(cidr: str) -> None:
    """The smallest is a /28, as AWS has it."""
    blocks = _blocks(cidr, 3)
    every = [IPv4Network(one) for one in (*blocks.public, *blocks.private, *blocks.isolated)]
    assert len(every) == 9
    assert all(one.subnet_of(IPv4Network(cidr)) and one.prefixlen <= 28 for one in every)
    assert not [one for one in every for other in every if one is not other and one.overlaps(other)]
