"""Zones that exist before any stack does, and certificates that are there at once."""
# ruff: noqa: SLF001  what needs correcting is not public

from collections.abc import Iterator
from typing import Any

from ministack.services import acm, alb, route53

from rehearsal.emulator.patches import handlers

KIND = "AWS::Route53::RecordSet"


def apply() -> None:
    """Let a record stand in a zone that the template names but does not make: it is the user's, and there already."""
    create = handlers.theirs(KIND)["create"]

    def create_in_zone(logical_id: str, properties: dict[str, Any], stack: str) -> handlers.Created:
        zone, name = str(properties.get("HostedZoneId", "")), str(properties["Name"])
        if zone and zone not in route53._zones:
            parent = name.rstrip(".").partition(".")[2] + "."
            route53._zones[zone] = {
                "id": zone,
                "name": parent,
                "caller_reference": zone,
                "comment": "",
                "private": False,
            }
            route53._records[zone] = route53._default_records(parent)
        identity, attributes = create(logical_id, properties, stack)
        return identity, attributes

    handlers.put(KIND, create=create_in_zone)


def aliases() -> Iterator[tuple[str, str]]:
    """Every name that is an alias, and the name of the load balancer it stands for."""
    for records in list(route53._records.values()):
        for record in records:
            if target := (record.get("AliasTarget") or {}).get("DNSName"):
                yield record["Name"].rstrip("."), target.rstrip(".")


def pointed_here() -> Iterator[tuple[str, str]]:
    """Every name of a site whose zone is elsewhere, and the load balancer to which its owner has pointed it."""
    known = {name for name, _ in aliases()}
    for listener in list(alb._listeners.values()):
        name = certified_name(listener) if listener.get("Protocol") == "HTTPS" else None
        if name and name not in known:
            yield name, listener["LoadBalancerArn"]


def certified_name(listener: dict[str, Any]) -> str | None:
    """The host name that the certificate of a listener is for."""
    for arn in listener.get("Certificates") or ():
        if arn in acm._certificates:
            return str(acm._certificates[arn]["DomainName"])
    # A certificate of the user's own is not in the emulator: it is for the name that the listener answers to.
    rules = [rule for rule in list(alb._rules.values()) if rule.get("ListenerArn") == listener["ListenerArn"]]
    values = [
        value
        for rule in rules
        for condition in rule.get("Conditions") or ()
        if condition["Field"] == "host-header"
        for value in condition.get("Values") or ()
    ]
    return values[0] if values else None
