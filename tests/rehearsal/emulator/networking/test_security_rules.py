"""The promises of rehearsal/emulator/networking/security_rules.py."""

from typing import Any

import pytest

from rehearsal.emulator.networking.interfaces import Flow
from rehearsal.emulator.networking.security_rules import Rule, rules_of


def _rule(**permission: Any) -> Rule:
    (rule,) = rules_of(
        {"GroupId": "sg-1", "IpPermissions": [permission]}, {"pl-1": ("198.51.100.0/24", "2001:db8::/32")}
    )
    return rule


@pytest.mark.parametrize(
    ("permission", "flow", "covered"),
    [
        ({"IpProtocol": "tcp", "FromPort": 80, "ToPort": 90}, Flow("tcp", 90), True),
        ({"IpProtocol": "tcp", "FromPort": 80, "ToPort": 90}, Flow("tcp", 91), False),
        ({"IpProtocol": "tcp", "FromPort": 80, "ToPort": 90}, Flow("udp", 90), False),
        ({"IpProtocol": "6", "FromPort": 80, "ToPort": 90}, Flow("tcp", 80), True),
        ({"IpProtocol": "udp", "FromPort": -1, "ToPort": -1}, Flow("udp", 53), True),
        ({"IpProtocol": "-1"}, Flow("udp", 53), True),
        ({"IpProtocol": "icmp", "FromPort": 252, "ToPort": 86}, Flow("tcp", 252), False),
    ],
)
def test_a_rule_covers_its_protocol_and_ports(permission: dict[str, Any], flow: Flow, covered: object) -> None:
    """Both ends of a range belong to it, and a protocol may have its number."""
    assert _rule(**permission).covers(flow) is covered


@pytest.mark.parametrize(
    ("block", "inside"),
    [
        ("10.0.0.0/24", True),
        ("10.1.0.0/24", False),
        ("10.0.0.0/15", False),
        ("198.51.100.7", True),
        ("2001:db8::7", True),
        ("2001:db9::7", False),
    ],
)
def test_a_block_is_a_peer_when_all_of_it_is(block: str, inside: object) -> None:
    """A prefix list counts like its entries, and IPv6 like IPv4."""
    cidrs = {"IpRanges": [{"CidrIp": "10.0.0.0/16"}], "PrefixListIds": [{"PrefixListId": "pl-1"}]}
    assert _rule(IpProtocol="-1", **cidrs).has_peer_in(block) is inside


def test_rules_of_both_directions_are_found() -> None:
    """With the groups that they name."""
    pair = {"UserIdGroupPairs": [{"GroupId": "sg-2"}, {"GroupName": "of another account"}]}
    group = {"GroupId": "sg-1", "IpPermissions": [], "IpPermissionsEgress": [{"IpProtocol": "TCP", **pair}]}
    assert list(rules_of(group, {})) == [
        Rule(group="sg-1", egress=True, protocol="tcp", first=-1, last=-1, groups=("sg-2",))
    ]
