"""Promises of the load balancer: healthy targets only, at the path where this release answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from tests.spec.minimal import minimal

if TYPE_CHECKING:
    from spec.environment import Environment
    from tests.compiler.conftest import Case


def _edge(env: Environment) -> dict[str, Any]:
    resources: dict[str, Any] = read_template(compile_environment(env).files["edge.yaml"])["Resources"]
    return resources


BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
TARGETS = "AWS::ElasticLoadBalancingV2::TargetGroup"


def _attributes(case: Case) -> dict[str, str]:
    attributes = case.only(BALANCER)["LoadBalancerAttributes"]
    return {attribute["Key"]: attribute["Value"] for attribute in attributes}


def test_the_health_check_has_the_path_of_the_release(smallest: Case, largest: Case) -> None:
    """The path of the health check is that of the release."""
    assert smallest.only(TARGETS)["HealthCheckPath"] == "/health"
    assert largest.only(TARGETS)["HealthCheckPath"] == "/api/v2/monitor/health"


@pytest.mark.parametrize(
    ("release", "section", "health"),
    [
        ('version: 2.5.3, python: "3.10"', "webserver", "/airflow/health"),
        ('version: 3.3.2, python: "3.12"', "api", "/airflow/api/v2/monitor/health"),
    ],
)
def test_a_site_under_a_path_is_asked_there(release: str, section: str, health: str) -> None:
    """By the load balancer and in the container; its address has the path too."""
    config = f"config: {{{section}: {{base_url: 'http://tools.example.com/airflow'}}}}"
    env = minimal('version: 2.5.3, python: "3.10"', f"{release}, {config}")
    template = read_template(compile_environment(env).files["edge.yaml"])
    assert template["Resources"]["TargetGroup"]["Properties"]["HealthCheckPath"] == health
    assert template["Outputs"]["Url"]["Value"] == {"Fn::Sub": "http://${LoadBalancer.DNSName}/airflow"}
    rules = [each["Properties"] for each in template["Resources"].values() if each["Type"] == RULE]
    last = [rule["Conditions"][-1] for rule in rules]
    closed = [path for one in last if "PathPatternConfig" in one for path in one["PathPatternConfig"]["Values"]]
    assert ({"/execution*", "/airflow/execution*"} <= set(closed)) is env.airflow.release.execution_api
    services = compile_environment(env).files["services.yaml"]
    assert f"http://localhost:8080{health}" in services
    assert ("/airflow/execution/" in services) is env.airflow.release.execution_api


def test_a_target_is_healthy_soon_and_leaves_soon(instance: Case) -> None:
    """Two good answers ten seconds apart make a target healthy; deregistration takes 30 seconds."""
    targets = instance.only(TARGETS)
    assert (targets["HealthCheckIntervalSeconds"], targets["HealthyThresholdCount"]) == (10, 2)
    assert targets["Matcher"] == {"HttpCode": "200"}
    (delay,) = targets["TargetGroupAttributes"]
    assert delay["Key"] == "deregistration_delay.timeout_seconds"
    assert int(delay["Value"]) <= 30


def test_odd_requests_are_dropped(instance: Case) -> None:
    """Header fields that no browser sends, and requests that two servers would read differently, go no further."""
    attributes = _attributes(instance)
    assert attributes["routing.http.drop_invalid_header_fields.enabled"] == "true"
    assert attributes["routing.http.desync_mitigation_mode"] == "defensive"


def test_a_web_server_that_is_not_alone_leaves_soon(smallest: Case, largest: Case) -> None:
    """Another one takes its requests; one alone may miss some checks."""
    counts = [case.only(TARGETS)["UnhealthyThresholdCount"] for case in (smallest, largest)]
    assert counts == [5, 2]


def test_protection_covers_the_load_balancer(smallest: Case, largest: Case) -> None:
    """A protected load balancer, whose address people know, is not deleted by mistake."""
    assert _attributes(largest)["deletion_protection.enabled"] == "true"
    assert _attributes(smallest)["deletion_protection.enabled"] == "false"


TWO = 'version: 2.5.3, python: "3.10"'
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


def test_alb_auth_covers_every_path(oauth: Case) -> None:
    """Each path needs a session at the load balancer, and the template has no secret."""
    rules = {one["Properties"]["Priority"]: one["Properties"] for one in oauth.resources(RULE).values()}
    assert [action["Type"] for action in rules[100]["Actions"]] == ["authenticate-oidc", "forward"]
    assert rules[100]["Actions"][0]["AuthenticateOidcConfig"]["ClientSecret"] == {
        "Fn::Sub": "{{resolve:secretsmanager:${OauthClient}:SecretString:client_secret}}"
    }
    assert [condition["Field"] for condition in rules[100]["Conditions"]] == ["host-header"]
    assert list(rules) == [100]


def test_without_a_domain_there_is_plain_http(smallest: Case) -> None:
    """One listener, nothing of a certificate."""
    assert smallest.only(LISTENER)["Protocol"] == "HTTP"
    assert not smallest.resources("AWS::CertificateManager::Certificate")


def test_without_a_domain_other_names_are_not_served_either() -> None:
    """A page that points its own name at the site gets nothing; the load balancer's name counts, and base_url's."""
    based = minimal(TWO, f"{TWO}, config: {{webserver: {{base_url: 'http://air.test/x'}}}}")
    for env, named in ((minimal(), []), (based, ["air.test"])):
        edge = _edge(env)
        assert edge["HttpListener"]["Properties"]["DefaultActions"][0]["Type"] == "fixed-response"
        (host,) = edge["SiteRule"]["Properties"]["Conditions"]
        assert host["HostHeaderConfig"]["Values"] == [{"Fn::GetAtt": "LoadBalancer.DNSName"}, *named]
