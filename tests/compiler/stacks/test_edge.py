"""Promises of the load balancer: healthy targets only, at the path where this release answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.compiler.conftest import Case

BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
TARGETS = "AWS::ElasticLoadBalancingV2::TargetGroup"


def _attributes(case: Case) -> dict[str, str]:
    attributes = case.only(BALANCER)["LoadBalancerAttributes"]
    return {attribute["Key"]: attribute["Value"] for attribute in attributes}


def test_health_is_asked_where_the_release_answers(smallest: Case, largest: Case) -> None:
    """The path of the health check is that of the release."""
    assert smallest.only(TARGETS)["HealthCheckPath"] == "/health"
    assert largest.only(TARGETS)["HealthCheckPath"] == "/api/v2/monitor/health"


def test_a_target_is_healthy_soon_and_leaves_soon(case: Case) -> None:
    """Two good answers ten seconds apart make a target healthy; a leaving one is let go within 30 seconds."""
    targets = case.only(TARGETS)
    assert (targets["HealthCheckIntervalSeconds"], targets["HealthyThresholdCount"]) == (10, 2)
    assert targets["Matcher"] == {"HttpCode": "200"}
    (delay,) = targets["TargetGroupAttributes"]
    assert delay["Key"] == "deregistration_delay.timeout_seconds"
    assert int(delay["Value"]) <= 30


def test_odd_requests_are_dropped(case: Case) -> None:
    """Header fields that no browser sends, and requests that two servers would read differently, go no further."""
    attributes = _attributes(case)
    assert attributes["routing.http.drop_invalid_header_fields.enabled"] == "true"
    assert attributes["routing.http.desync_mitigation_mode"] == "defensive"


def test_protection_covers_the_load_balancer(smallest: Case, largest: Case) -> None:
    """A protected load balancer, whose address people know, is not deleted by mistake."""
    assert _attributes(largest)["deletion_protection.enabled"] == "true"
    assert _attributes(smallest)["deletion_protection.enabled"] == "false"


LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
RULE = "AWS::ElasticLoadBalancingV2::ListenerRule"


def test_a_site_with_a_domain_has_tls(oauth: Case) -> None:
    """The certificate is proven by DNS, the policy knows TLS 1.2 and 1.3 only, and plain HTTP leads there."""
    listeners = {one["Properties"]["Port"]: one["Properties"] for one in oauth.resources(LISTENER).values()}
    assert listeners[443]["SslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    redirect = listeners[80]["DefaultActions"][0]["RedirectConfig"]
    assert (redirect["Protocol"], redirect["Host"]) == ("HTTPS", "airflow.example.com")
    assert oauth.only("AWS::CertificateManager::Certificate")["ValidationMethod"] == "DNS"
    assert oauth.only("AWS::Route53::RecordSet")["Name"] == "airflow.example.com"


def test_other_names_are_not_served(oauth: Case) -> None:
    """Only requests for the site's name reach a webserver."""
    listeners = {one["Properties"]["Port"]: one["Properties"] for one in oauth.resources(LISTENER).values()}
    assert listeners[443]["DefaultActions"][0]["Type"] == "fixed-response"
    for rule in oauth.resources(RULE).values():
        host = rule["Properties"]["Conditions"][0]
        assert host["HostHeaderConfig"]["Values"] == ["airflow.example.com"]


def test_the_second_gate_lets_programs_pass(oauth: Case) -> None:
    """People are asked before Airflow answers; programs go straight to the REST API, and no secret is in the text."""
    rules = {one["Properties"]["Priority"]: one["Properties"] for one in oauth.resources(RULE).values()}
    assert [action["Type"] for action in rules[100]["Actions"]] == ["authenticate-oidc", "forward"]
    assert rules[100]["Actions"][0]["AuthenticateOidcConfig"]["ClientSecret"] == {
        "Fn::Sub": "{{resolve:secretsmanager:${OauthClient}:SecretString:client_secret}}"
    }
    assert [action["Type"] for action in rules[50]["Actions"]] == ["forward"]
    assert rules[50]["Conditions"][1]["PathPatternConfig"]["Values"] == ["/health", "/api/v1/*"]


def test_without_a_domain_there_is_plain_http(smallest: Case) -> None:
    """One listener, nothing of a certificate."""
    assert smallest.only(LISTENER)["Protocol"] == "HTTP"
    assert not smallest.resources("AWS::CertificateManager::Certificate")
