"""Promises of the web ACL: it counts passwords by the address of the connection, and keeps no sample of a request."""

import re
from typing import Any

import pytest

from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from compiler.resources.web_acl import BODIES, LOGIN_PATHS
from spec.environment import Environment
from tests.compiler.conftest import Case
from tests.spec.minimal import minimal

ACL = "AWS::WAFv2::WebACL"
CAPACITY = {"AWSManagedRulesCommonRuleSet": 700, "AWSManagedRulesKnownBadInputsRuleSet": 200}
"""What groups of AWS take. Source: "AWS Managed Rules rule groups list", AWS WAF Developer Guide."""


def _edge(env: Environment) -> dict[str, Any]:
    resources: dict[str, Any] = read_template(compile_environment(env).files["edge.yaml"])["Resources"]
    return resources


def _rules(case: Case) -> dict[str, dict[str, Any]]:
    return {rule["Name"]: rule for rule in case.only(ACL)["Rules"]}


def test_there_is_none_unless_the_yaml_asks_for_it() -> None:
    """It has a price of its own."""
    assert not [one for one in _edge(minimal()).values() if "WAF" in one["Type"]]
    assert len([one for one in _edge(minimal(more="web: {waf: true}\n")).values() if "WAF" in one["Type"]]) == 2


def test_passwords_are_counted_by_the_address_of_the_connection(largest: Case) -> None:
    """Whoever writes another X-Forwarded-For each time is counted all the same."""
    rule = _rules(largest)["Logins"]
    rate = rule["Statement"]["RateBasedStatement"]
    assert (rate["AggregateKeyType"], rate["Limit"], rate["EvaluationWindowSec"]) == ("IP", 20, 300)
    assert "ForwardedIPConfig" not in rate
    assert rule["Action"] == {"Block": {}}
    assert rule["Priority"] == min(one["Priority"] for one in _rules(largest).values())


@pytest.mark.parametrize(
    "path",
    ["/login", "/login/", "/auth/login/", "/airflow/login/", "/auth/token", "/auth/token/cli", "/air/auth/token/"],
)
def test_every_path_that_takes_a_password_is_counted(path: str) -> None:
    """On all releases, also below a path of the site."""
    assert re.search(LOGIN_PATHS, path)


@pytest.mark.parametrize("path", ["/home", "/api/v2/dags", "/api/v1/dags/login_dag/dagRuns", "/static/login.css"])
def test_other_paths_are_not_counted(path: str) -> None:
    """A page that asks every few seconds would use up the limit."""
    assert not re.search(LOGIN_PATHS, path)


def test_what_people_type_into_airflow_is_only_counted(largest: Case) -> None:
    """Connections hold addresses, and variables hold code; AWS would take both for attacks."""
    common = _rules(largest)["AWSManagedRulesCommonRuleSet"]["Statement"]["ManagedRuleGroupStatement"]
    counted = {one["Name"] for one in common["RuleActionOverrides"] if one["ActionToUse"] == {"Count": {}}}
    assert counted == {*BODIES}
    assert len(common["RuleActionOverrides"]) == len(BODIES)
    bad = _rules(largest)["AWSManagedRulesKnownBadInputsRuleSet"]["Statement"]["ManagedRuleGroupStatement"]
    assert "RuleActionOverrides" not in bad


def test_nobody_reads_samples_of_requests(largest: Case) -> None:
    """They would hold cookies and tokens."""
    shown = [largest.only(ACL)["VisibilityConfig"], *(rule["VisibilityConfig"] for rule in _rules(largest).values())]
    assert not any(one["SampledRequestsEnabled"] for one in shown)


def test_it_fits_the_capacity_that_costs_nothing_more(largest: Case) -> None:
    """AWS bills more than 1,500 units; the rule of logins takes less than a hundred."""
    assert sum(CAPACITY[name] for name in _rules(largest) if name in CAPACITY) + 100 < 1500


def test_it_stands_before_the_load_balancer(largest: Case) -> None:
    """And has a name by which rights are given."""
    placed = largest.only("AWS::WAFv2::WebACLAssociation")
    assert placed == {"ResourceArn": {"Ref": "LoadBalancer"}, "WebACLArn": {"Fn::GetAtt": "WebAcl.Arn"}}
    assert largest.only(ACL)["Name"] == f"{largest.env.name}-web"
