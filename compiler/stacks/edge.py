"""The load balancer in front of the webservers."""

from typing import Any

from troposphere import GetAtt, Sub
from troposphere.elasticloadbalancingv2 import (
    Action,
    Condition,
    HostHeaderConfig,
    LoadBalancer,
    Matcher,
    RedirectConfig,
    TargetGroup,
    TargetGroupAttribute,
)

from compiler.airflow.asleep_page import add_asleep_rule, site_hosts
from compiler.contract import port, site_url, web
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.placements.roster import placement_of
from compiler.resources.buckets import logged_to
from compiler.resources.load_balancer.listeners import REFUSE_OTHER_NAMES, certificate, listener, load_balancer, record
from compiler.resources.processes import HTTP, HTTPS
from compiler.resources.web_acl import add_web_acl
from compiler.sites.rules import add_rules, close_internal_paths
from spec.environment import Environment

DESCRIPTION = "The load balancer in front of the webservers"
TIMEOUT_MINUTES = 45  # ACM looks for its proof in the DNS for up to half an hour
INPUTS = frozenset(
    {
        values.VPC,
        *values.PUBLIC_SUBNETS,
        values.security_group_of("load_balancer"),
        values.LISTENER,
        values.OAUTH_CLIENT,
        values.OAUTH_VERSION,
        values.ACCESS_LOG_BUCKET,
    }
)
OUTPUTS = frozenset({values.URL, values.TARGET_GROUP, values.LOAD_BALANCER_HOST, values.ASLEEP_RULE})

DEREGISTRATION_SECONDS = 15
CHECKS_TO_CONDEMN = 5  # a busy web server that is alone may miss some: without it there is no page
CHECKS_TO_LEAVE = 2  # another one takes its requests


def build(env: Environment, stack: StackBuilder) -> None:
    """Add the load balancer of an environment that has one, or its site at one that others share."""
    if not env.web.has_load_balancer:
        return
    balancer = None if env.web.is_shared else _add_load_balancer(env, stack)
    targets = stack.add(_targets(env, stack), "Target group of the webservers")
    if balancer is None:
        _add_rules(env, stack, stack.parameter(values.LISTENER), targets, str(env.web.domain))
    elif env.web.domain:
        _add_site(env, stack, balancer, targets, env.web.domain)
    else:
        _add_plain_listener(env, stack, balancer, targets)
    site, path = site_url(env), env.airflow.base_path
    own = Sub(f"http://${{{balancer.title}.DNSName}}{path}") if balancer else None
    stack.output(values.URL, f"{site}{path}" if site else own)
    stack.output(values.TARGET_GROUP, targets.ref())


def _add_load_balancer(env: Environment, stack: StackBuilder) -> LoadBalancer:
    subnets = [*map(stack.known, placement_of(env).load_balancer_subnets)]
    group = stack.parameter(values.security_group_of("load_balancer"))
    logs = logged_to(stack.parameter(values.ACCESS_LOG_BUCKET)) if env.logs.access else {}
    balancer = load_balancer(env.web.scheme, subnets, group, protect=env.protect, more=logs)
    stack.add(balancer, "Load balancer in front of the webservers")
    if env.web.waf:
        add_web_acl(env.name, env.web.waf_logins, stack, balancer)
    return balancer


def _add_plain_listener(env: Environment, stack: StackBuilder, balancer: LoadBalancer, targets: TargetGroup) -> None:
    plain = stack.add(
        listener("Http", balancer, HTTP, REFUSE_OTHER_NAMES),
        "HTTP listener, for the networks on the allow-list",
    )
    close_internal_paths(env, stack, plain.ref())
    add_asleep_rule(env, stack, plain.ref())
    own = GetAtt(balancer, "DNSName")
    if values.ASLEEP_RULE in stack.outputs:
        stack.output(values.LOAD_BALANCER_HOST, own)
    add_rules(env, stack, plain.ref(), targets, _host(site_hosts(env, own)))


def _add_site(env: Environment, stack: StackBuilder, balancer: LoadBalancer, targets: TargetGroup, domain: str) -> None:
    """Add a site with TLS: certificate, DNS record, a listener that serves it and one that redirects to it."""
    elsewhere = RedirectConfig(
        Protocol="HTTPS",
        Host=domain,  # the host of the request could be any name
        Port=str(HTTPS),
        StatusCode="HTTP_301",
    )
    stack.add(
        listener("Http", balancer, HTTP, Action(Type="redirect", RedirectConfig=elsewhere)),
        "Redirects requests without TLS to the site with TLS",
    )
    proof = certificate(stack, domain, env.web.hosted_zone, env.web.certificate_arn)
    secure = stack.add(
        listener("Https", balancer, HTTPS, REFUSE_OTHER_NAMES, proof),
        "HTTPS listener, for the name of the site alone",
    )
    _add_rules(env, stack, secure.ref(), targets, domain)
    if env.web.hosted_zone:
        stack.add(record(balancer, domain, env.web.hosted_zone), "DNS record of the site")


def _add_rules(env: Environment, stack: StackBuilder, secure: Any, targets: TargetGroup, domain: str) -> None:
    """Add the rules of a site to a listener with TLS, its own or one that other sites have too."""
    site = _host([domain])
    close_internal_paths(env, stack, secure, site)
    add_asleep_rule(env, stack, secure)
    add_rules(env, stack, secure, targets, site)


def _host(names: list[Any]) -> Condition:
    return Condition(Field="host-header", HostHeaderConfig=HostHeaderConfig(Values=names))


def _targets(env: Environment, stack: StackBuilder) -> TargetGroup:
    delay = TargetGroupAttribute(Key="deregistration_delay.timeout_seconds", Value=str(DEREGISTRATION_SECONDS))
    return TargetGroup(
        "TargetGroup",
        TargetType="ip",
        Protocol="HTTP",
        Port=port(web(env)),
        VpcId=stack.known(placement_of(env).vpc),
        HealthCheckPath=f"{env.airflow.base_path}{env.airflow.release.web.health_path}",
        HealthCheckIntervalSeconds=10,
        HealthCheckTimeoutSeconds=5,
        HealthyThresholdCount=2,
        UnhealthyThresholdCount=CHECKS_TO_LEAVE if env.count(web(env)) > 1 else CHECKS_TO_CONDEMN,
        Matcher=Matcher(HttpCode="200"),
        TargetGroupAttributes=[delay],
    )
