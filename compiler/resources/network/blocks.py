"""The blocks of the subnets, within the block of their VPC."""

from ipaddress import IPv4Network
from typing import NamedTuple

from spec.sections.networks.own_vpc import OwnVpc

PARTS = 4
"""By how many bits the block of a subnet is smaller than that of the VPC; those of a database once more."""
PUBLIC = (0, 1, 5)
ISOLATED = 2
PRIVATE = (3, 4, 6)
"""Which parts of the VPC each zone has. The third zone has later ones: environments of two zones stand already."""


class SubnetBlocks(NamedTuple):
    """The blocks of each kind of subnet, one for each zone."""

    public: tuple[str, ...]
    private: tuple[str, ...]
    isolated: tuple[str, ...]


def subnet_blocks(network: OwnVpc) -> SubnetBlocks:
    """Return the blocks of the subnets of a VPC."""
    parts = list(IPv4Network(network.cidr).subnets(prefixlen_diff=PARTS))
    small = list(parts[ISOLATED].subnets(prefixlen_diff=PARTS))
    return SubnetBlocks(
        public=tuple(str(parts[place]) for place in PUBLIC[: network.zones]),
        private=tuple(str(parts[place]) for place in PRIVATE[: network.zones]),
        isolated=tuple(map(str, small[: network.zones])),
    )
