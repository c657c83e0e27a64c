"""The packet filter: drops in the kernel what security groups and routes do not allow, and remembers what it dropped.

The emulator forwards the packets of all tasks, so one nftables table in its own network namespace sees all of them.
Like a security group it is stateful, and a refused packet is dropped without an answer.
"""

import json
import subprocess
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rehearsal.emulator.networking.interfaces import Flow
from rehearsal.emulator.networking.network import CREDENTIALS_ADDRESS, DEVICE, GATEWAY
from rehearsal.emulator.networking.reachability import Reachability
from rehearsal.emulator.networking.security_rules import ALL, WITH_PORTS, Rule

TABLE = "inet vpc"
DROPPED = "dropped"
PASSED = "passed"
FORGET_SECONDS = 20
"""How long a dropped connection is remembered; a client that tries again within it makes no second entry."""
SETS = ("interfaces", "internet", "api", "silent")
CHAINS = ("drops", "egress", "ingress", "judge")
HOOKS = ("input", "forward", "output")
EVERYBODY = "0.0.0.0/0"


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """An attempt to connect one address of the emulator to another."""

    source: str
    target: str
    flow: Flow


class PacketFilter:
    """The table in the kernel; call within the emulator's own network namespace."""

    def __init__(self, gateway_port: int) -> None:
        self._gateway_port = gateway_port
        self._lock = threading.Lock()
        self._applied = ""

    def apply(self, view: Reachability) -> None:
        """Replace the rules in one transaction, if they are not the same."""
        text = render(view, self._gateway_port)
        with self._lock:
            if text != self._applied:
                _nft("-f", "-", text=text)
                self._applied = text

    def dropped(self) -> frozenset[Attempt]:
        """Return what was dropped within the last seconds."""
        return _attempts(DROPPED)

    def passed(self) -> frozenset[Attempt]:
        """Return everything that passed since the start."""
        return _attempts(PASSED)


def render(view: Reachability, gateway_port: int) -> str:
    """Render the whole table; only the sets of connections are kept from the one before."""
    return "\n".join([*_frame(), *_members(view), *_hooks(gateway_port), *_judgement(), *_rules(view), ""])


def _frame() -> Iterator[str]:
    yield f"add table {TABLE}"
    key = "ipv4_addr . ipv4_addr . inet_proto . inet_service"
    yield f"add set {TABLE} {DROPPED} {{ type {key}; flags dynamic,timeout; timeout {FORGET_SECONDS}s; size 4096; }}"
    yield f"add set {TABLE} {PASSED} {{ type {key}; flags dynamic; size 65535; }}"
    for name in SETS:
        yield f"add set {TABLE} {name} {{ type ipv4_addr; }}"
        yield f"flush set {TABLE} {name}"
    for name in CHAINS:
        yield f"add chain {TABLE} {name}"
        yield f"flush chain {TABLE} {name}"
    for hook in HOOKS:
        yield f"add chain {TABLE} {hook} {{ type filter hook {hook} priority 0; policy drop; }}"
        yield f"flush chain {TABLE} {hook}"


def _members(view: Reachability) -> Iterator[str]:
    every = view.interfaces
    members = {
        "interfaces": [one.address for one in every],
        "internet": [one.address for one in every if view.leaves(one.placement)],
        "api": [one.address for one in every if view.reaches_some_api(one.placement)],
        "silent": [one.address for one in every if view.is_silent(one.placement)],
    }
    for name, addresses in members.items():
        if addresses:
            yield f"add element {TABLE} {name} {_set(addresses)}"


def _hooks(gateway_port: int) -> Iterator[str]:
    for hook in HOOKS:
        # Nothing comes from a zone that does not answer, and nothing reaches it, on open connections too.
        yield _rule(hook, "ip saddr @silent drop")
        yield _rule(hook, "ip daddr @silent drop")
    for hook in HOOKS:
        yield _rule(hook, "ct state established,related accept")
    yield _rule("input", 'iifname "lo" accept')
    yield _rule("output", 'oifname "lo" accept')
    for hook in HOOKS:
        # No interface has an IPv6 address, as in a VPC without an IPv6 block.
        yield _rule(hook, "meta nfproto ipv6 drop")
    yield _rule("input", f"ip daddr {CREDENTIALS_ADDRESS} tcp dport 80 accept")
    yield _rule("input", f"ip daddr {GATEWAY} tcp dport {gateway_port} ip saddr @api {_remember(PASSED)} accept")
    yield _rule("input", f"ip daddr {GATEWAY} goto drops")
    # The owner of the session, who opens a tunnel into it.
    yield _rule("output", f"ip saddr {GATEWAY} accept")
    for hook in HOOKS:
        yield _rule(hook, "goto judge")


def _judgement() -> Iterator[str]:
    yield _rule("drops", _remember(DROPPED))
    yield _rule("drops", "drop")
    yield _rule("judge", f'iifname "{DEVICE}*" ip saddr != @interfaces goto drops')
    yield _rule("judge", f'oifname "{DEVICE}*" ip daddr != @interfaces goto drops')
    yield _rule("judge", "jump egress")
    yield _rule("judge", "jump ingress")
    yield _rule("judge", _remember(PASSED))
    yield _rule("judge", "accept")


def _remember(name: str) -> str:
    return f"meta l4proto {{ tcp, udp }} update @{name} {{ ip saddr . ip daddr . meta l4proto . th dport }}"


def _rules(view: Reachability) -> Iterator[str]:
    yield _rule("egress", "ip saddr != @interfaces return")
    yield _rule("egress", "ip daddr != @interfaces ip saddr != @internet goto drops")
    yield _rule("ingress", "ip daddr != @interfaces return")
    for rule in view.rules:
        chain, own, other = ("egress", "saddr", "daddr") if rule.egress else ("ingress", "daddr", "saddr")
        members = [one.address for one in view.interfaces if rule.group in one.placement.groups]
        if members:
            for peer in _peers(view, rule, other):
                words = (f"ip {own} {_set(members)}", peer, _protocol(rule), "return")
                yield _rule(chain, " ".join(word for word in words if word))
    for chain in ("egress", "ingress"):
        yield _rule(chain, "goto drops")


def _peers(view: Reachability, rule: Rule, side: str) -> Iterator[str]:
    """Yield what a packet's other address must be; an empty text is any address."""
    if EVERYBODY in rule.cidrs:
        yield ""
        return
    inside = [one.address for one in view.interfaces if view.matches(rule, one.placement)]
    if inside:
        yield f"ip {side} {_set(inside)}"
    outside = [cidr for cidr in rule.cidrs if ":" not in cidr]
    if outside:
        yield f"ip {side} != @interfaces ip {side} {_set(outside)}"


def _protocol(rule: Rule) -> str:
    if rule.protocol == ALL:
        return ""
    if rule.protocol == "icmp":
        codes = ((f"icmp {name}", value) for name, value in (("type", rule.first), ("code", rule.last)))
        return " ".join(f"{name} {value}" for name, value in codes if value >= 0) or "meta l4proto icmp"
    if rule.protocol in WITH_PORTS and rule.first >= 0:
        return f"{rule.protocol} dport {rule.first}-{rule.last}"
    return f"meta l4proto {rule.protocol}"


def _rule(chain: str, words: str) -> str:
    return f"add rule {TABLE} {chain} {words}"


def _set(elements: Iterable[str]) -> str:
    return f"{{ {', '.join(sorted(set(elements)))} }}"


def _attempts(name: str) -> frozenset[Attempt]:
    listed = json.loads(_nft("-j", "list", "set", *TABLE.split(), name))
    sets = [entry["set"] for entry in listed["nftables"] if "set" in entry]
    return frozenset(_attempt(element) for one in sets for element in one.get("elem", ()))


def _attempt(element: Any) -> Attempt:
    """Read an element of a set; where elements are forgotten, it says when."""
    source, target, protocol, port = (element["elem"]["val"] if "elem" in element else element)["concat"]
    return Attempt(source=source, target=target, flow=Flow(protocol, int(port)))


def _nft(*arguments: str, text: str | None = None) -> str:
    done = subprocess.run(["nft", *arguments], input=text, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"nft: {done.stderr.strip()}")
    return done.stdout
