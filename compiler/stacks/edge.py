"""Where people come in: the load balancer in front of the webservers."""

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
    ListenerRule,
    ListenerRuleAction,
    ListenerRuleAuthenticateOidcConfig,
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

from compiler.contract import port, site_url, web
from compiler.model import stack_values as values
from compiler.model.errors import CompileError
from compiler.model.stack import StackBuilder
from spec.environment import Environment
from spec.sections.auth import Password, SignUp

DESCRIPTION = "The load balancer in front of the webservers"
TIMEOUT_MINUTES = 45  # ACM looks for its proof in the DNS for up to half an hour
INPUTS = frozenset(
    {
        values.VPC,
        *values.PUBLIC_SUBNETS,
        values.security_group_of("load_balancer"),
        values.OAUTH_CLIENT,
        values.OAUTH_VERSION,
    }
)
OUTPUTS = frozenset({values.URL, values.TARGET_GROUP})

IDLE_TIMEOUT_SECONDS = 120  # pages that list many runs take longer than the 60 of the default
DEREGISTRATION_SECONDS = 15
HTTP_PORT = 80
HTTPS_PORT = 443
TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"
SITE_PRIORITY = 100
PROGRAMS_PRIORITY = 50
FIRST, LAST = 1, 2
SESSION_SECONDS = 43200  # half a day: who left in the evening logs in anew


def build(env: Environment, stack: StackBuilder) -> None:
    """Draw the way into an environment that has one."""
    if env.web.load_balancer == "none":
        return
    balancer = stack.add(
        LoadBalancer(
            "LoadBalancer",
            Type="application",
            Scheme="internet-facing",
            IpAddressType="ipv4",
            Subnets=stack.parameters(values.PUBLIC_SUBNETS),
            SecurityGroups=[stack.parameter(values.security_group_of("load_balancer"))],
            LoadBalancerAttributes=[LoadBalancerAttributes(Key=key, Value=value) for key, value in _attributes(env)],
        ),
        "Takes requests from browsers to the webservers",
    )
    targets = stack.add(_targets(env, stack), "The webservers that are healthy")
    if env.web.domain:
        _add_site(env, stack, balancer, targets, env.web.domain)
    else:
        _add_plain_listener(stack, balancer, targets)
    stack.output(values.URL, site_url(env) or Sub(f"http://${{{balancer.title}.DNSName}}"))
    stack.output(values.TARGET_GROUP, targets.ref())


def _add_plain_listener(stack: StackBuilder, balancer: LoadBalancer, targets: TargetGroup) -> None:
    stack.add(
        _listener("Http", balancer, HTTP_PORT, Action(Type="forward", TargetGroupArn=targets.ref())),
        "Plain HTTP for the networks on the allow-list",
    )


def _add_site(env: Environment, stack: StackBuilder, balancer: LoadBalancer, targets: TargetGroup, domain: str) -> None:
    """Draw a site with TLS: its certificate and name, and one listener that serves it while the other leads there."""
    elsewhere = RedirectConfig(
        Protocol="HTTPS",
        Host=domain,  # the name that was asked for could be anybody's
        Port=str(HTTPS_PORT),
        StatusCode="HTTP_301",
    )
    stack.add(
        _listener("Http", balancer, HTTP_PORT, Action(Type="redirect", RedirectConfig=elsewhere)),
        "Leads whoever comes without TLS to where there is some",
    )
    unknown = FixedResponseConfig(StatusCode="404", ContentType="text/plain", MessageBody="There is no such site here.")
    listener = stack.add(
        _listener(
            "Https",
            balancer,
            HTTPS_PORT,
            Action(Type="fixed-response", FixedResponseConfig=unknown),
            SslPolicy=TLS_POLICY,
            Certificates=[Certificate(CertificateArn=_certificate(env, stack, domain))],
        ),
        "TLS for browsers; answers to no name but the site's",
    )
    _add_rules(env, stack, listener, targets, domain)
    if env.web.hosted_zone:
        stack.add(_record(balancer, domain, env.web.hosted_zone), "The name of the site")


def _listener(name: str, balancer: LoadBalancer, port: int, action: Action, **more: Any) -> Listener:
    return Listener(
        f"{name}Listener",
        LoadBalancerArn=balancer.ref(),
        Protocol=name.upper(),
        Port=port,
        DefaultActions=[action],
        **more,
    )


def _certificate(env: Environment, stack: StackBuilder, domain: str) -> Any:
    if env.web.certificate_arn:
        return env.web.certificate_arn
    proof = DomainValidationOption(DomainName=domain, HostedZoneId=env.web.hosted_zone)
    issued = IssuedCertificate(
        "Certificate", DomainName=domain, ValidationMethod="DNS", DomainValidationOptions=[proof]
    )
    return stack.add(issued, "The certificate of the site, issued by ACM").ref()


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


def _add_rules(env: Environment, stack: StackBuilder, listener: Listener, targets: TargetGroup, domain: str) -> None:
    forward = ListenerRuleAction(Type="forward", Order=LAST, TargetGroupArn=targets.ref())
    site = Condition(Field="host-header", HostHeaderConfig=HostHeaderConfig(Values=[domain]))
    gate = [_alb_auth(env.auth, stack)] if env.web.load_balancer_auth and not isinstance(env.auth, Password) else []
    if gate and env.web.ungated_api:
        paths = Condition(Field="path-pattern", PathPatternConfig=PathPatternConfig(Values=_program_paths(env)))
        programs = ListenerRule(
            "ProgramsRule",
            ListenerArn=listener.ref(),
            Priority=PROGRAMS_PRIORITY,
            Conditions=[site, paths],
            Actions=[forward],
        )
        stack.add(programs, "Lets programs reach the REST API, which asks for a password or a token itself")
    rule = ListenerRule(
        "SiteRule", ListenerArn=listener.ref(), Priority=SITE_PRIORITY, Conditions=[site], Actions=[*gate, forward]
    )
    stack.add(rule, "Hands requests for the site to the webservers")


def _program_paths(env: Environment) -> list[str]:
    web = env.airflow.release.web
    return [f"{web.api_path}/*", *([f"{web.auth_prefix}/token"] if web.login == "token" else [])]


def _alb_auth(auth: SignUp, stack: StackBuilder) -> ListenerRuleAction:
    """Return what sends people to the identity provider before anything of Airflow answers them."""
    if auth.endpoints is None:
        raise CompileError(
            "The load balancer has no addresses of the identity provider", next_step="spec/ refuses that."
        )
    client = f"{{{{resolve:secretsmanager:${{{stack.parameter(values.OAUTH_CLIENT).data['Ref']}}}:SecretString:"
    stack.parameter(values.OAUTH_VERSION)
    config = ListenerRuleAuthenticateOidcConfig(
        Issuer=auth.issuer,
        AuthorizationEndpoint=auth.endpoints.authorization,
        TokenEndpoint=auth.endpoints.token,
        UserInfoEndpoint=auth.endpoints.user_info,
        ClientId=Sub(f"{client}client_id}}}}"),
        ClientSecret=Sub(f"{client}client_secret}}}}"),
        Scope="openid email",
        # A new client is a new cookie: CloudFormation reads the secret anew, and old sessions end.
        SessionCookieName=Sub(f"windsock-${{{values.OAUTH_VERSION.title}}}"),
        SessionTimeout=SESSION_SECONDS,
        OnUnauthenticatedRequest="authenticate",
    )
    return ListenerRuleAction(Type="authenticate-oidc", Order=FIRST, AuthenticateOidcConfig=config)


def _attributes(env: Environment) -> list[tuple[str, str]]:
    attributes = {
        "deletion_protection.enabled": str(env.protect).lower(),
        "idle_timeout.timeout_seconds": str(IDLE_TIMEOUT_SECONDS),
        "routing.http.desync_mitigation_mode": "defensive",
        "routing.http.drop_invalid_header_fields.enabled": "true",
    }
    return list(attributes.items())


def _targets(env: Environment, stack: StackBuilder) -> TargetGroup:
    delay = TargetGroupAttribute(Key="deregistration_delay.timeout_seconds", Value=str(DEREGISTRATION_SECONDS))
    return TargetGroup(
        "TargetGroup",
        TargetType="ip",
        Protocol="HTTP",
        Port=port(web(env)),
        VpcId=stack.parameter(values.VPC),
        HealthCheckPath=env.airflow.release.web.health_path,
        HealthCheckIntervalSeconds=10,
        HealthCheckTimeoutSeconds=5,
        HealthyThresholdCount=2,
        UnhealthyThresholdCount=5,
        Matcher=Matcher(HttpCode="200"),
        TargetGroupAttributes=[delay],
    )
