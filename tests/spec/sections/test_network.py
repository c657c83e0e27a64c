"""The allow-list lets in what was meant, and never the world."""

import pytest

from tests.spec.minimal import minimal, refused


@pytest.mark.parametrize("cidr", ["203.0.113.0/24", "10.0.0.0/8", "203.0.113.7/32", "203.0.113.7"])
def test_blocks_and_single_addresses_are_taken(cidr: str) -> None:
    """IPv4 blocks, and single addresses, are taken."""
    (taken,) = minimal("203.0.113.0/24", cidr).network.allowed_cidrs
    assert taken == (cidr if "/" in cidr else f"{cidr}/32")


@pytest.mark.parametrize("cidr", ["0.0.0.0/0", "203.0.113.7/24", "office", "2001:db8::/32", "10.0.0.0/33", "10.0.0/8"])
def test_other_blocks_are_refused_at_their_item(cidr: str) -> None:
    """The whole internet, host bits, IPv6 and words are refused at their item."""
    fault = refused("203.0.113.0/24", f"'{cidr}'")
    assert fault.path == "network.allowed_cidrs[0]"
    assert "203.0.113.0/24" in fault.hint


def test_the_second_of_two_equal_blocks_is_refused() -> None:
    """The same block twice would be two rules that AWS refuses; the second is pointed at."""
    fault = refused("203.0.113.0/24", "203.0.113.0/24, 203.0.113.0/24")
    assert (fault.path, fault.column) == ("network.allowed_cidrs[1]", 43)
