"""The load balancer in front of the webservers."""

from typing import Any

from troposphere import GetAtt, Sub
from troposphere.certificatemanager import Certificate as IssuedCertificate
from troposphere.certificatemanager import DomainValidationOption
from troposphere.elasticloadbalancingv2 import (
    Action,
    Certificate,
    Condition,
    FixedResponseConfig,
    HostHeaderConfig,
    Listener,
    ListenerAttribute,
    ListenerRule,
    ListenerRuleAction,
    LoadBalancer,
    LoadBalancerAttributes,
    Matcher,
    PathPatternConfig,
    RedirectConfig,
    TargetGroup,
    TargetGroupAttribute,
)
from troposphere.route53 import RecordSetType
from troposphere.validators.route53 import AliasTarget

from compiler.airflow.asleep_page import add_asleep_rule, site_hosts
from compiler.contract import port, site_url, web
from compiler.logins.roster import login_of
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.placements.roster import placement_of
from compiler.resources.buckets import LOAD_BALANCER_LOGS
from compiler.resources.web_acl import add_web_acl
from spec.environment import Environment

DESCRIPTION = "The load balancer in front of the webservers"
TIMEOUT_MINUTES = 45  # ACM looks for its proof in the DNS for up to half an hour
INPUTS = frozenset(
    {
        values.VPC,
        *values.PUBLIC_SUBNETS,
        values.security_group_of("load_balancer"),
        values.OAUTH_CLIENT,
        values.OAUTH_VERSION,
        values.ACCESS_LOG_BUCKET,
    }
)
OUTPUTS = frozenset({values.URL, values.TARGET_GROUP, values.LOAD_BALANCER_HOST, values.ASLEEP_RULE})

IDLE_TIMEOUT_SECONDS = 120  # pages that list many runs take longer than the 60 of the default
DEREGISTRATION_SECONDS = 15
CHECKS_TO_CONDEMN = 5  # a busy web server that is alone may miss some: without it there is no page
CHECKS_TO_LEAVE = 2  # another one takes its requests
HTTP_PORT = 80
HTTPS_PORT = 443
TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"
SITE_PRIORITY = 100
PROGRAMS_PRIORITY = 50
INTERNAL_PRIORITY = 10
FORWARD_ORDER = 2  # after the action that asks people to log in
RESPONSE_HEADERS = {
    "x_content_type_options": "nosniff",
    # Airflow 3 shows pages of its login in frames of its own.
    "x_frame_options": "SAMEORIGIN",
    "content_security_policy": "frame-ancestors 'self'; base-uri 'self'; object-src 'none'",
}
"""What every answer tells browsers. Source: HTTP header modification, Application Load Balancer user guide."""
TLS_RESPONSE_HEADERS = {"strict_transport_security": "max-age=31536000"}


def _nothing(message: str) -> FixedResponseConfig:
    return FixedResponseConfig(StatusCode="404", ContentType="text/plain", MessageBody=message)


REFUSE_OTHER_NAMES = Action(Type="fixed-response", FixedResponseConfig=_nothing("There is no such site here."))
"""What a listener does with a request for another host: somebody may have pointed a name of their own at it."""


def build(env: Environment, stack: StackBuilder) -> None:
    """Add the load balancer of an environment that has one."""
    if not env.web.has_load_balancer:
        return
    balancer = stack.add(
        LoadBalancer(
            "LoadBalancer",
            Type="application",
            Scheme=env.web.scheme,
            IpAddressType="ipv4",
            Subnets=[*map(stack.known, placement_of(env).load_balancer_subnets)],
            SecurityGroups=[stack.parameter(values.security_group_of("load_balancer"))],
            LoadBalancerAttributes=_attributes(env, stack),
        ),
        "Load balancer in front of the webservers",
    )
    add_web_acl(env, stack, balancer)
    targets = stack.add(_targets(env, stack), "Target group of the webservers")
    if env.web.domain:
        _add_site(env, stack, balancer, targets, env.web.domain)
    else:
        _add_plain_listener(env, stack, balancer, targets)
    stack.output(values.URL, _address(env, balancer))
    stack.output(values.TARGET_GROUP, targets.ref())


def _address(env: Environment, balancer: LoadBalancer) -> Any:
    site, path = site_url(env), env.airflow.base_path
    return f"{site}{path}" if site else Sub(f"http://${{{balancer.title}.DNSName}}{path}")


def _add_plain_listener(env: Environment, stack: StackBuilder, balancer: LoadBalancer, targets: TargetGroup) -> None:
    listener = stack.add(
        _listener("Http", balancer, HTTP_PORT, REFUSE_OTHER_NAMES),
        "HTTP listener, for the networks on the allow-list",
    )
    _close_internal_paths(env, stack, listener)
    add_asleep_rule(env, stack, listener, balancer)
    names = site_hosts(env, GetAtt(balancer, "DNSName"))
    site = Condition(Field="host-header", HostHeaderConfig=HostHeaderConfig(Values=names))
    _add_rules(env, stack, listener, targets, site)


def _add_site(env: Environment, stack: StackBuilder, balancer: LoadBalancer, targets: TargetGroup, domain: str) -> None:
    """Add a site with TLS: certificate, DNS record, a listener that serves it and one that redirects to it."""
    elsewhere = RedirectConfig(
        Protocol="HTTPS",
        Host=domain,  # the host of the request could be any name
        Port=str(HTTPS_PORT),
        StatusCode="HTTP_301",
    )
    stack.add(
        _listener("Http", balancer, HTTP_PORT, Action(Type="redirect", RedirectConfig=elsewhere)),
        "Redirects requests without TLS to the site with TLS",
    )
    listener = stack.add(
        _listener("Https", balancer, HTTPS_PORT, REFUSE_OTHER_NAMES, _certificate(env, stack, domain)),
        "HTTPS listener, for the name of the site alone",
    )
    site = Condition(Field="host-header", HostHeaderConfig=HostHeaderConfig(Values=[domain]))
    _close_internal_paths(env, stack, listener, site)
    add_asleep_rule(env, stack, listener, balancer)
    _add_rules(env, stack, listener, targets, site)
    if env.web.hosted_zone:
        stack.add(_record(balancer, domain, env.web.hosted_zone), "DNS record of the site")


def _listener(name: str, balancer: LoadBalancer, port: int, action: Action, certificate: Any = None) -> Listener:
    tls: dict[str, Any] = {}
    told = dict(RESPONSE_HEADERS)
    if certificate:
        tls = {"SslPolicy": TLS_POLICY, "Certificates": [Certificate(CertificateArn=certificate)]}
        told |= TLS_RESPONSE_HEADERS
    return Listener(
        f"{name}Listener",
        LoadBalancerArn=balancer.ref(),
        Protocol=name.upper(),
        Port=port,
        DefaultActions=[action],
        ListenerAttributes=[
            ListenerAttribute(Key=f"routing.http.response.{header}.header_value", Value=value)
            for header, value in told.items()
        ],
        **tls,
    )


def _close_internal_paths(env: Environment, stack: StackBuilder, listener: Listener, *site: Condition) -> None:
    """Answer for the webservers what no visitor needs: tasks call them by their private name.

    A site under a path answers without it too. One rule has not enough room for both: five values of conditions.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
    """
    patterns = env.airflow.release.web.internal_paths
    if not patterns:
        return
    below = {"BelowPath": env.airflow.base_path} if env.airflow.base_path else {}
    refuse = ListenerRuleAction(Type="fixed-response", FixedResponseConfig=_nothing("There is no such page here."))
    for number, (suffix, path) in enumerate({"": "", **below}.items()):
        closed = [f"{path}{pattern}" for pattern in patterns]
        rule = ListenerRule(
            f"InternalRule{suffix}",
            ListenerArn=listener.ref(),
            Priority=INTERNAL_PRIORITY + number,
            Conditions=[*site, Condition(Field="path-pattern", PathPatternConfig=PathPatternConfig(Values=closed))],
            Actions=[refuse],
        )
        stack.add(rule, "Closes the API of tasks, and the descriptions of all APIs, to visitors")


def _certificate(env: Environment, stack: StackBuilder, domain: str) -> Any:
    if env.web.certificate_arn:
        return env.web.certificate_arn
    proof = DomainValidationOption(DomainName=domain, HostedZoneId=env.web.hosted_zone)
    issued = IssuedCertificate(
        "Certificate", DomainName=domain, ValidationMethod="DNS", DomainValidationOptions=[proof]
    )
    return stack.add(issued, "Certificate of the site, issued by ACM").ref()


def _record(balancer: LoadBalancer, domain: str, hosted_zone: str) -> RecordSetType:
    evaluate_target_health = False  # there is no second site to fail over to
    return RecordSetType(
        "Record",
        HostedZoneId=hosted_zone,
        Name=domain,
        Type="A",
        AliasTarget=AliasTarget(  # type: ignore[no-untyped-call]  # troposphere annotates all but this one
            GetAtt(balancer, "CanonicalHostedZoneID"),
            GetAtt(balancer, "DNSName"),
            evaluate_target_health,
        ),
    )


def _add_rules(
    env: Environment, stack: StackBuilder, listener: Listener, targets: TargetGroup, site: Condition
) -> None:
    forward = ListenerRuleAction(Type="forward", Order=FORWARD_ORDER, TargetGroupArn=targets.ref())
    auth = login_of(env).alb_auth(stack) if env.web.load_balancer_auth else None
    if auth and env.web.ungated_api:
        paths = Condition(Field="path-pattern", PathPatternConfig=PathPatternConfig(Values=_program_paths(env)))
        programs = ListenerRule(
            "ProgramsRule",
            ListenerArn=listener.ref(),
            Priority=PROGRAMS_PRIORITY,
            Conditions=[site, paths],
            Actions=[forward],
        )
        stack.add(
            programs,
            "Forwards REST API requests, which bring a password or a token, without a login at the load balancer",
        )
    rule = ListenerRule(
        "SiteRule",
        ListenerArn=listener.ref(),
        Priority=SITE_PRIORITY,
        Conditions=[site],
        Actions=[*([auth] if auth else []), forward],
    )
    stack.add(rule, "Forwards requests for the site to the webservers")


def _program_paths(env: Environment) -> list[str]:
    web, path = env.airflow.release.web, env.airflow.base_path
    return [f"{path}{web.api_path}/*", *([f"{path}{web.auth_prefix}/token"] if web.login == "token" else [])]


def _attributes(env: Environment, stack: StackBuilder) -> list[LoadBalancerAttributes]:
    attributes: dict[str, Any] = {
        "deletion_protection.enabled": str(env.protect).lower(),
        "idle_timeout.timeout_seconds": str(IDLE_TIMEOUT_SECONDS),
        "routing.http.desync_mitigation_mode": "defensive",
        "routing.http.drop_invalid_header_fields.enabled": "true",
    }
    if env.logs.access:
        attributes["access_logs.s3.enabled"] = "true"
        attributes["access_logs.s3.bucket"] = stack.parameter(values.ACCESS_LOG_BUCKET)
        attributes["access_logs.s3.prefix"] = LOAD_BALANCER_LOGS
    return [LoadBalancerAttributes(Key=key, Value=value) for key, value in attributes.items()]


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
