"""Host names of sites: records in zones that no template makes, and names of listeners' certificates."""
# ruff: noqa: SLF001  what needs correcting is not public

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ministack.services import acm, alb, route53

from rehearsal.emulator.networking import request_origin
from rehearsal.emulator.patches.handlers import Created, ResourceHandlers

KIND = "AWS::Route53::RecordSet"
ANY_LABEL = "*."


def apply(handlers: ResourceHandlers) -> None:
    """Make the zone of a record when no template made it: on AWS it is the user's own and exists already."""
    create = handlers.original(KIND, "create")

    def create_in_zone(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
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
        created: Created = create(logical_id, properties, stack)
        return created

    handlers.put(KIND, create=create_in_zone)


def aliases() -> Iterator[tuple[str, str]]:
    """Every alias record: its name, and the name of the load balancer."""
    for records in list(route53._records.values()):
        for record in records:
            if target := (record.get("AliasTarget") or {}).get("DNSName"):
                for name in names_of(record["Name"].rstrip(".")):
                    yield name, target.rstrip(".")


def names_of(pattern: str) -> tuple[str, ...]:
    """Return the host names that a record, or a certificate, is for: of a pattern, those that rules ask for."""
    if not pattern.startswith(ANY_LABEL):
        return (pattern,)
    return tuple(host for host in _asked(list(alb._rules.values())) if host.partition(".")[2] == pattern[2:])


def named(certified: str, host: str) -> str:
    """Return the name of the site that a Host means: of several behind one certificate the first, if it says none."""
    names = names_of(certified)
    wanted = request_origin.host_of(host).removesuffix(f".{request_origin.LOCAL}")
    return wanted if wanted in names else next(iter(names), certified)


def names_without_record() -> Iterator[tuple[str, str]]:
    """Every site whose zone is elsewhere: its name, and the ARN of the load balancer that its owner points it to."""
    known = {name for name, _ in aliases()}
    for listener in list(alb._listeners.values()):
        certified = certified_name(listener) if listener.get("Protocol") == "HTTPS" else None
        for name in names_of(certified) if certified else ():
            if name not in known:
                yield name, listener["LoadBalancerArn"]


def has_site(listener: str) -> bool:
    """Whether a listener does more than redirect and refuse: that of a network serves nobody without environments."""
    rules = [rule for rule in list(alb._rules.values()) if rule.get("ListenerArn") == listener]
    answers = ((rule.get("IsDefault"), action["Type"]) for rule in rules for action in rule.get("Actions") or ())
    return any(kind == "forward" or (kind == "fixed-response" and not default) for default, kind in answers)


def seen_by_rules(headers: Mapping[str, str], listener: Mapping[str, Any]) -> Mapping[str, str]:
    """Return headers in which a Host of this machine is a name that the internet has for the load balancer.

    That is the name of a record where it is one below `localhost`, and else the load balancer's own.
    """
    own, known = alb._lbs[listener["LoadBalancerArn"]]["DNSName"], dict(aliases())

    def public(host: str) -> str:
        name = request_origin.host_of(host).removesuffix(f".{request_origin.LOCAL}")
        return name if name in known else str(own)

    return {
        name: public(value) if name.lower() == "host" and request_origin.is_local(value) else value
        for name, value in headers.items()
    }


def certified_name(listener: dict[str, Any]) -> str | None:
    """Return the host name in the certificate of a listener."""
    for arn in listener.get("Certificates") or ():
        if arn in acm._certificates:
            return str(acm._certificates[arn]["DomainName"])
    # A certificate of the user's own is not in the emulator: take the name that the listener's rules ask for.
    rules = [rule for rule in list(alb._rules.values()) if rule.get("ListenerArn") == listener["ListenerArn"]]
    return next(_asked(rules), None)


def _asked(rules: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the hosts that rules are for, in the order in which they were made; a pattern names no host.

    Nor does a name that ends with `.invalid`, by which a rule is for nobody (RFC 2606).
    """
    for rule in rules:
        for condition in rule.get("Conditions") or ():
            if condition["Field"] == "host-header":
                values = condition.get("Values") or ()
                yield from (value for value in values if "*" not in value and not value.endswith(".invalid"))
