"""A load balancer, its listeners with and without TLS, its certificate and its DNS record."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from troposphere import GetAtt
from troposphere.certificatemanager import Certificate as IssuedCertificate
from troposphere.certificatemanager import DomainValidationOption
from troposphere.elasticloadbalancingv2 import (
    Action,
    Certificate,
    FixedResponseConfig,
    Listener,
    ListenerAttribute,
    LoadBalancer,
    LoadBalancerAttributes,
)
from troposphere.route53 import RecordSetType
from troposphere.validators.route53 import AliasTarget

from compiler.model.stack import StackBuilder

IDLE_TIMEOUT_SECONDS = 120  # pages that list many runs take longer than the 60 of the default
TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"
RESPONSE_HEADERS = {
    "x_content_type_options": "nosniff",
    # Airflow 3 shows pages of its login in frames of its own.
    "x_frame_options": "SAMEORIGIN",
    "content_security_policy": "frame-ancestors 'self'; base-uri 'self'; object-src 'none'",
}
"""What every answer tells browsers. Source: HTTP header modification, Application Load Balancer user guide."""
TLS_RESPONSE_HEADERS = {"strict_transport_security": "max-age=31536000"}
NOTHING_MORE: Mapping[str, Any] = MappingProxyType({})


def nothing(message: str) -> FixedResponseConfig:
    """Return the answer that there is nothing."""
    return FixedResponseConfig(StatusCode="404", ContentType="text/plain", MessageBody=message)


REFUSE_OTHER_NAMES = Action(Type="fixed-response", FixedResponseConfig=nothing("There is no such site here."))
"""What a listener does with a request for another host: somebody may have pointed a name of their own at it."""


def load_balancer(
    scheme: str, subnets: list[Any], group: Any, *, protect: bool = False, more: Mapping[str, Any] = NOTHING_MORE
) -> LoadBalancer:
    """Return an application load balancer; `more` are further attributes of it."""
    attributes: dict[str, Any] = {
        "deletion_protection.enabled": str(protect).lower(),
        "idle_timeout.timeout_seconds": str(IDLE_TIMEOUT_SECONDS),
        "routing.http.desync_mitigation_mode": "defensive",
        "routing.http.drop_invalid_header_fields.enabled": "true",
        **more,
    }
    return LoadBalancer(
        "LoadBalancer",
        Type="application",
        Scheme=scheme,
        IpAddressType="ipv4",
        Subnets=subnets,
        SecurityGroups=[group],
        LoadBalancerAttributes=[LoadBalancerAttributes(Key=key, Value=value) for key, value in attributes.items()],
    )


def listener(name: str, balancer: LoadBalancer, port: int, action: Action, certificate: Any = None) -> Listener:
    """Return the listener of a protocol by its `name`, `Http` or `Https`; with TLS it has a certificate."""
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


def certificate(stack: StackBuilder, domain: str, hosted_zone: str | None, given: str | None) -> Any:
    """Return the certificate of a host name, or of a pattern: the `given` one, or one that ACM issues."""
    if given:
        return given
    proof = DomainValidationOption(DomainName=domain, HostedZoneId=hosted_zone)
    issued = IssuedCertificate(
        "Certificate", DomainName=domain, ValidationMethod="DNS", DomainValidationOptions=[proof]
    )
    return stack.add(issued, "Certificate of the site, issued by ACM").ref()


def record(balancer: LoadBalancer, domain: str, hosted_zone: str) -> RecordSetType:
    """Return the DNS record of a host name, or of a pattern."""
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
