"""Where people come in: the load balancer in front of the webservers."""

from troposphere import Sub
from troposphere.elasticloadbalancingv2 import (
    Action,
    Listener,
    LoadBalancer,
    LoadBalancerAttributes,
    Matcher,
    TargetGroup,
    TargetGroupAttribute,
)

from compiler.processes import port, web
from compiler.stack import Sheet
from compiler.wires import Wire
from spec.environment import Environment

DESCRIPTION = "The load balancer in front of the webservers"
TIMEOUT_MINUTES = 15
NEEDS = frozenset({Wire.VPC, Wire.PUBLIC_SUBNETS, Wire.LOAD_BALANCER_SECURITY_GROUP})
GIVES = frozenset({Wire.URL, Wire.TARGET_GROUP})

IDLE_TIMEOUT_SECONDS = 120  # pages that list many runs take longer than the 60 of the default
DEREGISTRATION_SECONDS = 15
HTTP_PORT = 80


def build(env: Environment, sheet: Sheet) -> None:
    """Draw the way into an environment."""
    balancer = sheet.draw(
        LoadBalancer(
            "LoadBalancer",
            Type="application",
            Scheme="internet-facing",
            IpAddressType="ipv4",
            Subnets=sheet.wire_list(Wire.PUBLIC_SUBNETS),
            SecurityGroups=[sheet.wire(Wire.LOAD_BALANCER_SECURITY_GROUP)],
            LoadBalancerAttributes=[LoadBalancerAttributes(Key=key, Value=value) for key, value in _attributes(env)],
        ),
        "Takes requests from browsers to the webservers",
    )
    targets = sheet.draw(_targets(env, sheet), "The webservers that are healthy")
    sheet.draw(
        Listener(
            "HttpListener",
            LoadBalancerArn=balancer.ref(),
            Protocol="HTTP",
            Port=HTTP_PORT,
            DefaultActions=[Action(Type="forward", TargetGroupArn=targets.ref())],
        ),
        "Plain HTTP for the networks on the allow-list",
    )
    sheet.give(Wire.URL, Sub(f"http://${{{balancer.title}.DNSName}}"))
    sheet.give(Wire.TARGET_GROUP, targets.ref())


def _attributes(env: Environment) -> list[tuple[str, str]]:
    attributes = {
        "deletion_protection.enabled": str(env.protect).lower(),
        "idle_timeout.timeout_seconds": str(IDLE_TIMEOUT_SECONDS),
        "routing.http.desync_mitigation_mode": "defensive",
        "routing.http.drop_invalid_header_fields.enabled": "true",
    }
    return list(attributes.items())


def _targets(env: Environment, sheet: Sheet) -> TargetGroup:
    delay = TargetGroupAttribute(Key="deregistration_delay.timeout_seconds", Value=str(DEREGISTRATION_SECONDS))
    return TargetGroup(
        "TargetGroup",
        TargetType="ip",
        Protocol="HTTP",
        Port=port(web(env)),
        VpcId=sheet.wire(Wire.VPC),
        HealthCheckPath=env.airflow.release.web.health_path,
        HealthCheckIntervalSeconds=10,
        HealthCheckTimeoutSeconds=5,
        HealthyThresholdCount=2,
        UnhealthyThresholdCount=5,
        Matcher=Matcher(HttpCode="200"),
        TargetGroupAttributes=[delay],
    )
