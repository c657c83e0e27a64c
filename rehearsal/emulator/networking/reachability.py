"""Who reaches whom: the judgement of AWS on a connection, from security groups, routes and endpoints.

Sources: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html for security groups,
https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html for routes and public addresses, and
https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html for endpoints.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal.emulator.networking.interfaces import HTTPS, Flow, Interface, Placement
from rehearsal.emulator.networking.security_rules import Rule, contains

AWS_ADDRESS = "192.0.2.1"
"""Stands for the public addresses of AWS. Source: RFC 5737, addresses for documentation."""
End = Placement | str
"""An end of a connection: an interface in a VPC, or a public address."""


@dataclass(frozen=True, kw_only=True)
class Subnet:
    """A subnet: its block, its VPC, and where its route table leads."""

    block: str
    vpc: str
    zone: str = ""
    """The availability zone, such as `eu-central-1a`."""
    internet_gateway: bool = False
    nat_gateway: bool = False
    inner_blocks: tuple[str, ...] = ()
    """The blocks of the VPC and of the networks that are connected to it, such as by a VPN, by the routes."""
    gateway_endpoints: tuple[str, ...] = ()
    """The services with a gateway endpoint in the route table, such as `s3`."""
    policies: Mapping[str, Any] = field(default_factory=dict)
    """The policies of those endpoints, by service; None where one lets everything through."""


@dataclass(frozen=True, kw_only=True)
class InterfaceEndpoint:
    """An interface endpoint, which answers in its VPC under the private name of a service such as `ecr.api`."""

    service: str
    vpc: str
    placement: Placement
    policy: Any = None
    """What it lets through; None for everything."""


@dataclass(frozen=True, kw_only=True)
class Reachability:
    """All rules, interfaces, subnets and endpoints of one account and region at one moment."""

    rules: tuple[Rule, ...] = ()
    interfaces: tuple[Interface, ...] = ()
    subnets: Mapping[str, Subnet] = field(default_factory=dict)
    endpoints: tuple[InterfaceEndpoint, ...] = ()
    silent_zones: frozenset[str] = frozenset()
    """Availability zones that do not answer."""
    group_names: Mapping[str, str] = field(default_factory=dict)

    def obstacle(self, source: End, target: End, flow: Flow) -> str:
        """Return what keeps `source` from `target`, in one sentence; nothing when they are connected."""
        silent = next(filter(self.is_silent, (source, target)), None)
        return (
            f"no answer from availability zone {self._zone(silent)}" if silent else self._missing(source, target, flow)
        )

    def _missing(self, source: End, target: End, flow: Flow) -> str:
        """Return which rule or route is missing."""
        ends = f"{self.words(source)} to {self.words(target)}"
        if isinstance(source, Placement) and not self._lets(source, target, flow, egress=True):
            return f"no egress rule lets {flow} from {ends}"
        if isinstance(target, Placement) and not self._lets(target, source, flow, egress=False):
            return f"no ingress rule lets {flow} from {ends}"
        if self._is_inner(source, target) or self._is_inner(target, source):
            return ""
        if isinstance(source, Placement) and isinstance(target, str) and not self.leaves(source):
            return f"no route to the internet: {self.words(source)} has {self._missing_route(source)}"
        if isinstance(source, str) and isinstance(target, Placement) and not self._is_public(target):
            return f"no route from the internet: {self.words(target)} has {self._missing_route(target)}"
        return ""

    def obstacle_to_service(self, source: Placement, service: str) -> str:
        """Return what keeps an interface from the API of an AWS service, such as `logs`; nothing when it reaches it."""
        subnet = self.subnets.get(source.subnet)
        endpoints = [one for one in self.endpoints if subnet and (one.service, one.vpc) == (service, subnet.vpc)]
        if endpoints:
            return self.obstacle(source, endpoints[0].placement, HTTPS)
        if subnet and service in subnet.gateway_endpoints and self._lets(source, AWS_ADDRESS, HTTPS, egress=True):
            return ""
        return self.obstacle(source, AWS_ADDRESS, HTTPS)

    def policy_on_the_way(self, source: Placement, service: str) -> Any:
        """Return the policy of the endpoint by which an interface calls a service; None where nothing limits it."""
        subnet = self.subnets.get(source.subnet)
        for one in self.endpoints:
            if subnet and (one.service, one.vpc) == (service, subnet.vpc):
                return one.policy
        return subnet.policies.get(service) if subnet else None

    def services(self, source: Placement) -> Iterator[str]:
        """Yield the services with an endpoint in the VPC of an interface, whether it reaches them or not."""
        subnet = self.subnets.get(source.subnet)
        if subnet:
            yield from subnet.gateway_endpoints
            yield from (one.service for one in self.endpoints if one.vpc == subnet.vpc)

    def reaches_some_api(self, source: Placement) -> bool:
        """Whether an interface reaches the API of any AWS service."""
        return not self.obstacle(source, AWS_ADDRESS, HTTPS) or any(
            not self.obstacle_to_service(source, service) for service in self.services(source)
        )

    def leaves(self, source: Placement) -> bool:
        """Whether an interface has a route to the internet, whatever its security groups say."""
        subnet = self.subnets.get(source.subnet)
        return self._is_public(source) or (subnet is not None and subnet.nat_gateway)

    def end(self, address: str) -> End:
        """Return the placement of the interface with an address of the emulator, or the address if there is none."""
        return next((one.placement for one in self.interfaces if one.address == address), address)

    def is_silent(self, end: End) -> bool:
        """Whether an end stands in a zone that does not answer."""
        return self._zone(end) in self.silent_zones

    def matches(self, rule: Rule, peer: End) -> bool:
        """Whether an end is a peer of a rule; by CIDR an interface is what its subnet is."""
        if isinstance(peer, str):
            return rule.has_peer_in(peer)
        subnet = self.subnets.get(peer.subnet)
        return bool(set(rule.groups) & set(peer.groups)) or (subnet is not None and rule.has_peer_in(subnet.block))

    def words(self, end: End) -> str:
        """Name an end by its security groups, or by its address."""
        if isinstance(end, str):
            return "the internet" if end == AWS_ADDRESS else end
        return " and ".join(f"{self.group_names.get(group, 'a group')} ({group})" for group in end.groups) or "no group"

    def _zone(self, end: End) -> str:
        subnet = self.subnets.get(end.subnet) if isinstance(end, Placement) else None
        return subnet.zone if subnet else ""

    def _lets(self, own: Placement, peer: End, flow: Flow, *, egress: bool) -> bool:
        return any(
            rule.egress == egress and rule.group in own.groups and rule.covers(flow) and self.matches(rule, peer)
            for rule in self.rules
        )

    def _is_public(self, placement: Placement) -> bool:
        subnet = self.subnets.get(placement.subnet)
        return placement.public and subnet is not None and subnet.internet_gateway

    def _is_inner(self, own: End, peer: End) -> bool:
        """Whether an address is in a network that is connected to the VPC of an interface."""
        if not isinstance(own, Placement) or not isinstance(peer, str):
            return False
        subnet = self.subnets.get(own.subnet)
        return any(contains(block, peer) for block in (subnet.inner_blocks if subnet else ()))

    def _missing_route(self, placement: Placement) -> str:
        subnet = self.subnets.get(placement.subnet)
        if subnet and subnet.internet_gateway:
            return "no public address"
        return f"no internet gateway in the route table of {placement.subnet}"
