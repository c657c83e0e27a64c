"""Reads from templates which security groups let whom reach what on which ports."""

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.stack_graph import StackGraph
from deployer.differences.difference import Port
from deployer.differences.values import shown
from deployer.health.security_rules import EGRESS, INGRESS, PEERS, RULES

_GROUP = "AWS::EC2::SecurityGroup"
_INLINE = (("SecurityGroupIngress", INGRESS), ("SecurityGroupEgress", EGRESS))
_SUFFIX = "SecurityGroup"
_ALL = "-1"
_NOBODY = "255.255.255.255/32"
"""The address of the one rule of a group that may reach nothing: without any rule, EC2 gives it one for everything."""


def ports(graph: StackGraph) -> tuple[Port, ...]:
    """Return every rule of every security group, once each."""
    found = {
        port: None
        for path, resource in graph.resources.items()
        for port in _of_resource(path, str(resource.get("Type")), resource.get("Properties", {}))
    }
    return tuple(found)


def _of_resource(path: str, type_: str, properties: Mapping[str, Any]) -> Iterator[Port]:
    if type_ in RULES:
        yield _port(_name(properties.get("GroupId")), type_, properties)
    elif type_ == _GROUP:
        group = path.rpartition("/")[2].removesuffix(_SUFFIX)
        for name, kind in _INLINE:
            rules = (rule for rule in properties.get(name, ()) if rule.get("CidrIp") != _NOBODY)
            yield from (_port(group, kind, rule) for rule in rules)


def _port(group: str, kind: str, rule: Mapping[str, Any]) -> Port:
    peer = next((_name(rule[name]) for name in PEERS if name in rule), "")
    first, last = rule.get("FromPort"), rule.get("ToPort")
    numbers = shown(first) if first == last else f"{shown(first)}-{shown(last)}"
    protocol = str(rule.get("IpProtocol"))
    allowed = "everything" if protocol == _ALL else f"{protocol} {numbers}"
    if kind == INGRESS:
        return Port(source=peer, target=group, ports=f"{allowed} (in)")
    return Port(source=group, target=peer, ports=f"{allowed} (out)")


def _name(value: Any) -> str:
    """Return the group as its template names it, without the word that all of them end with."""
    if isinstance(value, dict):
        ((_, argument),) = value.items()
        return str(argument).partition(".")[0].removesuffix(_SUFFIX)
    return shown(value)
