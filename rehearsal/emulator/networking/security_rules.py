"""The rules of security groups, as EC2 describes them: which end they open, for which protocol, ports and peers.

Source: "Security group rules", Amazon VPC User Guide
(https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_network
from typing import Any

from rehearsal.emulator.networking.interfaces import Flow

ALL = "-1"
"""The protocol of a rule for all protocols and ports."""
NUMBERS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
"""Protocols that a rule may name by number. Source: IpPermission, Amazon EC2 API Reference."""
WITH_PORTS = ("tcp", "udp")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule of one group: the peers may open connections, or the group may open them to the peers if `egress`.

    `first` and `last` are ports, or type and code of ICMP; -1 is any. The rule lists its peers by CIDR or by group.
    """

    group: str
    egress: bool
    protocol: str
    first: int
    last: int
    cidrs: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    def covers(self, flow: Flow) -> bool:
        """Whether the rule is about this protocol and port, whoever the peer is."""
        if self.protocol == ALL:
            return True
        if self.protocol != flow.protocol:
            return False
        return self.protocol not in WITH_PORTS or self.first < 0 or self.first <= flow.port <= self.last

    def has_peer_in(self, block: str) -> bool:
        """Whether all addresses of a block are peers by a CIDR of the rule."""
        return any(contains(cidr, block) for cidr in self.cidrs)


def rules_of(group: Mapping[str, Any], prefix_lists: Mapping[str, tuple[str, ...]]) -> Iterator[Rule]:
    """Yield the rules of a group as DescribeSecurityGroups shows it; `prefix_lists` has the CIDRs of each list."""
    for key, egress in (("IpPermissions", False), ("IpPermissionsEgress", True)):
        for permission in tuple(group.get(key) or ()):
            protocol = str(permission.get("IpProtocol", ALL)).lower()
            yield Rule(
                group=group["GroupId"],
                egress=egress,
                protocol=NUMBERS.get(protocol, protocol),
                first=int(permission.get("FromPort", -1)),
                last=int(permission.get("ToPort", -1)),
                cidrs=_cidrs(permission, prefix_lists),
                groups=tuple(pair["GroupId"] for pair in permission.get("UserIdGroupPairs") or () if "GroupId" in pair),
            )


def contains(cidr: str, block: str) -> bool:
    """Whether all addresses of a block, or the one address, are in another block."""
    return _span(cidr)[0] <= _span(block)[0] <= _span(block)[1] <= _span(cidr)[1]


@cache
def _span(block: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the first and the last address of a block, each with its version."""
    network = ip_network(block, strict=False)
    return (network.version, int(network[0])), (network.version, int(network[-1]))


def _cidrs(permission: Mapping[str, Any], prefix_lists: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    blocks = [one["CidrIp"] for one in permission.get("IpRanges") or ()]
    blocks += [one["CidrIpv6"] for one in permission.get("Ipv6Ranges") or ()]
    for one in permission.get("PrefixListIds") or ():
        blocks += prefix_lists.get(one["PrefixListId"], ())
    return tuple(blocks)
