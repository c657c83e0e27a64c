"""The promises of rehearsal/emulator/networking/packet_filter.py that need no namespaces; see test_vpc.py too."""

from dataclasses import replace

import pytest

from rehearsal.emulator.networking.interfaces import Interface
from rehearsal.emulator.networking.packet_filter import render
from rehearsal.emulator.networking.reachability import Reachability
from rehearsal.emulator.networking.security_rules import Rule
from tests.rehearsal.emulator.networking.test_reachability import DATABASE, IN, OUT, VIEW

PORT = 4566
DATABASE_INTERFACE = Interface(address="10.77.64.2", owner="database db", placement=DATABASE)
BOTH = replace(VIEW, interfaces=(*VIEW.interfaces, DATABASE_INTERFACE))


def _chain(view: Reachability, name: str) -> list[str]:
    start = f"add rule inet vpc {name} "
    return [line.removeprefix(start) for line in render(view, PORT).splitlines() if line.startswith(start)]


def test_a_rule_by_group_names_the_members_of_both_groups() -> None:
    """So a new member is a new text."""
    assert "ip saddr { 10.77.64.1 } ip daddr { 10.77.64.2 } tcp dport 5432-5432 return" in _chain(BOTH, "egress")
    assert "ip daddr { 10.77.64.2 } ip saddr { 10.77.64.1 } tcp dport 5432-5432 return" in _chain(BOTH, "ingress")
    assert not [rule for rule in _chain(VIEW, "ingress") if "5432" in rule]


@pytest.mark.parametrize("chain", ["egress", "ingress"])
def test_what_no_rule_lets_through_is_dropped(chain: str) -> None:
    """Also where a group has no rules."""
    assert _chain(replace(BOTH, rules=()), chain)[-1] == "goto drops"


def test_a_rule_for_everybody_asks_for_no_address() -> None:
    """Its interfaces still need a route where the packet leaves the VPC."""
    assert "ip saddr { 10.77.64.1 } tcp dport 443-443 return" in _chain(VIEW, "egress")
    assert "ip daddr != @interfaces ip saddr != @internet goto drops" in _chain(VIEW, "egress")
    assert "add element inet vpc internet { 10.77.64.1 }" in render(VIEW, PORT)


def test_nothing_passes_from_or_to_a_zone_that_does_not_answer() -> None:
    """Before connections that are open already are let through."""
    subnets = {name: replace(one, zone="a") for name, one in BOTH.subnets.items()}
    silent = replace(BOTH, subnets=subnets, silent_zones=frozenset({"a"}))
    assert "add element inet vpc silent { 10.77.64.1, 10.77.64.2 }" in render(silent, PORT)
    assert _chain(silent, "forward")[:2] == ["ip saddr @silent drop", "ip daddr @silent drop"]
    assert "add element inet vpc silent" not in render(BOTH, PORT)


def test_a_block_means_interfaces_inside_and_addresses_outside() -> None:
    """The addresses of interfaces are not those that they would have on AWS."""
    rule = Rule(group="sg-db", egress=False, protocol="tcp", first=1, last=2, cidrs=("10.0.0.0/24", "2001:db8::/32"))
    chain = _chain(replace(BOTH, rules=(rule,)), "ingress")
    assert "ip daddr { 10.77.64.2 } ip saddr { 10.77.64.1 } tcp dport 1-2 return" in chain
    outside = "ip saddr != @interfaces ip saddr { 10.0.0.0/24 }"
    assert f"ip daddr {{ 10.77.64.2 }} {outside} tcp dport 1-2 return" in chain


@pytest.mark.parametrize(
    ("protocol", "words"),
    [
        ("icmp", "icmp type 252 icmp code 86"),
        ("-1", ""),
        ("50", "meta l4proto 50"),
    ],
)
def test_other_protocols_have_their_own_words(protocol: str, words: str) -> None:
    """ICMP has types and codes, and the others have no ports."""
    rule = replace(IN, protocol=protocol, first=252, last=86)
    middle = f" {words} " if words else " "
    chain = _chain(replace(BOTH, rules=(rule,)), "ingress")
    assert f"ip daddr {{ 10.77.64.2 }} ip saddr {{ 10.77.64.1 }}{middle}return" in chain


def test_only_who_reaches_aws_reaches_the_emulators_api() -> None:
    """Through its gateway, which stands for the public addresses of AWS."""
    assert "add element inet vpc api { 10.77.64.1 }" in render(BOTH, PORT)
    assert "add element inet vpc api" not in render(replace(BOTH, rules=(OUT, IN)), PORT)
    (gate,) = [rule for rule in _chain(BOTH, "input") if f"tcp dport {PORT}" in rule]
    assert gate.startswith(f"ip daddr 10.77.0.1 tcp dport {PORT} ip saddr @api ")
    assert gate.endswith(" accept")


def test_no_ipv6_passes() -> None:
    """An interface has no address of it, and its neighbours could be reached by those of the link."""
    assert all("meta nfproto ipv6 drop" in _chain(BOTH, hook) for hook in ("input", "forward", "output"))


def test_a_rule_for_every_ipv6_address_lets_no_ipv4_packet_through() -> None:
    """`::/0` says nothing about the other protocol, as on AWS."""
    rule = Rule(group="sg-db", egress=False, protocol="tcp", first=1, last=2, cidrs=("::/0",))
    assert _chain(replace(BOTH, rules=(rule,)), "ingress") == _chain(replace(BOTH, rules=()), "ingress")
