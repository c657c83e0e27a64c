"""The load balancer of a network: environments add rules to its listener, and let it reach their webservers."""

from collections.abc import Iterator
from typing import Any

from troposphere.elasticloadbalancingv2 import (
    Condition,
    HostHeaderConfig,
    ListenerRule,
    ListenerRuleAction,
    LoadBalancer,
    RedirectConfig,
)

from compiler.connections import LOAD_BALANCER, from_browsers
from compiler.model import stack_values as values
from compiler.model.connection import Connection
from compiler.model.stack import StackBuilder, state
from compiler.placements.own_vpc import OwnVpcPlacement
from compiler.resources.buckets import add_access_logs, logged_to
from compiler.resources.load_balancer.listeners import REFUSE_OTHER_NAMES, certificate, listener, load_balancer, record
from compiler.resources.processes import HTTP, HTTPS
from compiler.resources.security_groups import add_rules, add_security_group
from compiler.resources.web_acl import add_web_acl
from spec.releases.processes import WEB_PORT
from spec.sections.networks.shared_load_balancer import SharedLoadBalancer
from spec.sections.networks.shared_network import SharedNetwork

REQUESTED = "#{host}"
"""The host of a request, in a redirect. Source: "Redirect actions", Application Load Balancer user guide."""


def add_shared_load_balancer(
    network: SharedNetwork, section: SharedLoadBalancer, placement: OwnVpcPlacement, stack: StackBuilder
) -> None:
    """Add load balancer, security group, certificate and DNS record; output what environments take."""
    add_security_group(network, stack, LOAD_BALANCER, stack.parameter(values.VPC))
    for connection in shared_connections(network):
        add_rules(stack, connection)
    subnets = stack.parameters(placement.load_balancer_subnets)
    group = stack.parameter(values.security_group_of(LOAD_BALANCER))
    balancer = _balancer(network, section, [*subnets], group, stack)
    if section.waf:
        add_web_acl(network.name, section.waf_logins, stack, balancer)
    plain = stack.add(listener("Http", balancer, HTTP, REFUSE_OTHER_NAMES), "HTTP listener, which serves no site")
    stack.add(_redirect(section, plain.ref()), "Redirects requests without TLS to the same site with TLS")
    proof = certificate(stack, section.wildcard, section.hosted_zone, section.certificate_arn)
    secure = stack.add(
        listener("Https", balancer, HTTPS, REFUSE_OTHER_NAMES, proof),
        "HTTPS listener, to which environments add rules for their host names",
    )
    if section.hosted_zone:
        stack.add(record(balancer, section.wildcard, section.hosted_zone), "DNS record of all sites")
    stack.output(values.LISTENER, secure.ref())


def shared_connections(network: SharedNetwork) -> Iterator[Connection]:
    """Yield who reaches the load balancer of a network, if it has one, and whom that reaches.

    Each environment says itself to which of its tasks the load balancer gets.
    """
    if network.load_balancer:
        yield from from_browsers(network.load_balancer.allowed_cidrs, tls=True)
        why = "requests and health checks"
        yield Connection(
            source=LOAD_BALANCER,
            target=network.network.cidr,
            port=WEB_PORT,
            why=why,
            logical_id="LoadBalancerToWebServers",
        )


def _balancer(
    network: SharedNetwork, section: SharedLoadBalancer, subnets: list[Any], group: Any, stack: StackBuilder
) -> LoadBalancer:
    """Add the load balancer; it tries its bucket at once, which has to let it in by then."""
    more: dict[str, Any] = {}
    if days := section.access_log_days:
        more = logged_to(add_access_logs(network.aws.region, days, stack, state(protect=True), of_buckets=False).ref())
    balancer = load_balancer(section.scheme, subnets, group, more=more)
    if more:
        balancer.DependsOn = f"{values.ACCESS_LOG_BUCKET.title}Policy"
    stack.add(balancer, "Load balancer in front of all sites")
    return balancer


def _redirect(section: SharedLoadBalancer, plain: object) -> ListenerRule:
    elsewhere = RedirectConfig(Protocol="HTTPS", Host=REQUESTED, Port=str(HTTPS), StatusCode="HTTP_301")
    return ListenerRule(
        "RedirectRule",
        ListenerArn=plain,
        Priority=1,
        Conditions=[Condition(Field="host-header", HostHeaderConfig=HostHeaderConfig(Values=[section.wildcard]))],
        Actions=[ListenerRuleAction(Type="redirect", RedirectConfig=elsewhere)],
    )
