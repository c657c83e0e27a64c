"""Rules close to visitors what only tasks need, and open to programs what asks them for a token itself."""

from typing import Any

import pytest

from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from spec.environment import Environment
from tests.spec.minimal import SITE, minimal

RULE = "AWS::ElasticLoadBalancingV2::ListenerRule"
EVALUATIONS = 5
"""The most values that a rule may compare. Source: Quotas for your Application Load Balancers."""


def _edge(env: Environment) -> dict[str, Any]:
    resources: dict[str, Any] = read_template(compile_environment(env).files["edge.yaml"])["Resources"]
    return resources


def _three(more: str) -> dict[str, Any]:
    return _edge(minimal('2.5.3, python: "3.10"', '3.3.2, python: "3.12"', more=more))


@pytest.mark.parametrize(
    ("version", "python", "paths"),
    [("2.5.3", "3.10", ["/api/v1/*"]), ("3.3.2", "3.12", ["/api/v2/*", "/auth/token"])],
)
def test_an_open_api_is_the_rest_api_alone(version: str, python: str, paths: list[str]) -> None:
    """Only the REST API and its token endpoint are reached without the load balancer's login."""
    web = "{domain: airflow.example.com, hosted_zone: Z0123456789ABC, load_balancer_auth: true, ungated_api: true}"
    more = f"web: {web}\nauth: {{kind: google, allowed_domains: [example.com]}}\n"
    env = minimal('version: 2.5.3, python: "3.10"', f'version: {version}, python: "{python}"', more=more)
    (rule,) = (one for one in _edge(env).values() if one["Type"] == RULE and one["Properties"]["Priority"] == 50)
    assert [action["Type"] for action in rule["Properties"]["Actions"]] == ["forward"]
    site, path = rule["Properties"]["Conditions"]
    assert site["HostHeaderConfig"]["Values"] == ["airflow.example.com"]
    assert path["PathPatternConfig"]["Values"] == paths


@pytest.mark.parametrize("site", ["", SITE])
def test_no_visitor_reaches_the_api_of_tasks(site: str) -> None:
    """Airflow 3 has one, beside descriptions of its APIs; the rule stands before all others of the site."""
    assert "InternalRule" not in _edge(minimal(more=site))
    edge = _three(site)
    rule = edge["InternalRule"]["Properties"]
    assert [one["Field"] for one in rule["Conditions"]] == [*(["host-header"] if site else []), "path-pattern"]
    values = [value for one in rule["Conditions"] for key in set(one) - {"Field"} for value in one[key]["Values"]]
    assert len(values) <= EVALUATIONS
    assert rule["Actions"][0]["FixedResponseConfig"]["StatusCode"] == "404"
    others = [one["Properties"]["Priority"] for name, one in edge.items() if name in {"SiteRule", "ProgramsRule"}]
    assert all(rule["Priority"] < priority for priority in others)
