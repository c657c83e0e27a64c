"""Promises of the page for browsers while an environment sleeps: it takes the place of the site, and of no more."""

import json
from typing import Any

import pytest
from troposphere import Template

from compiler.airflow.alarm import alarm_variables
from compiler.airflow.asleep_page import asleep_page
from compiler.compile import compile_environment
from compiler.lint import lint
from compiler.model.stack import StackBuilder
from compiler.model.yaml_reader import read_template
from spec.environment import Environment
from tests.spec.minimal import GOOGLE, SITE, minimal

RULE = "AWS::ElasticLoadBalancingV2::ListenerRule"
DUE = "schedule: {when: due}\n"
HOURS = 'schedule: {on: "08:00-18:00 Mon-Fri", timezone: Europe/Berlin}\n'
GATED = GOOGLE.replace(SITE, SITE.replace("}", ", load_balancer_auth: true}"))
SLEEPERS = pytest.mark.parametrize("schedule", [DUE, HOURS], ids=["due", "hours"])
LONGEST = "n" * 32
MOST_BYTES = 1024
"""The longest body of a fixed response.
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_FixedResponseActionConfig.html"""


def _resources(env: Environment, file: str) -> dict[str, Any]:
    resources: dict[str, Any] = read_template(compile_environment(env).files[file])["Resources"]
    return {name: entry["Properties"] for name, entry in resources.items()}


def _rules(env: Environment) -> dict[str, dict[str, Any]]:
    return {name: one for name, one in _resources(env, "edge.yaml").items() if name.endswith("Rule")}


def _request(env: Environment, schedule: str) -> Any:
    """Return what the schedule whose logical id begins so asks of the load balancer."""
    file = "alarm.yaml" if env.due else "hours.yaml"
    (target,) = (one["Target"] for name, one in _resources(env, file).items() if name.startswith(schedule))
    assert target["Arn"]["Fn::Sub"].endswith("aws-sdk:elasticloadbalancingv2:modifyRule")
    return json.loads(target["Input"]["Fn::Sub"])


@SLEEPERS
@pytest.mark.parametrize("more", ["", GOOGLE, GATED], ids=["plain", "tls", "gated"])
def test_the_page_comes_before_airflow_and_any_login_and_behind_what_is_closed(schedule: str, more: str) -> None:
    """While it is awake its rule is for a host that cannot exist, and asleep for the hosts of the site."""
    env = minimal(more=schedule + more)
    rules = _rules(env)
    page, site = rules["AsleepRule"], rules["SiteRule"]
    before = {name for name, one in rules.items() if one["Priority"] < page["Priority"]}
    assert all(name.startswith("Internal") for name in before)
    assert page["ListenerArn"] == site["ListenerArn"]
    nobody = [{"Field": "host-header", "HostHeaderConfig": {"Values": ["asleep.invalid"]}}]
    assert page["Conditions"] == nobody == _request(env, "SiteWakes")["Conditions"]
    (hosts,) = site["Conditions"]
    told = json.loads(json.dumps(hosts).replace('{"Fn::GetAtt": "LoadBalancer.DNSName"}', '"${LoadBalancerHost}"'))
    asked = _request(env, "SiteSleeps")
    assert asked["Conditions"] == [told]
    (answer,) = asked["Actions"]
    assert (answer["Type"], answer["FixedResponseConfig"]["StatusCode"]) == ("fixed-response", "503")


@SLEEPERS
def test_taking_it_away_leaves_what_it_says(schedule: str) -> None:
    """Only its host is changed."""
    assert _request(minimal(more=schedule), "SiteWakes").keys() == {"RuleArn", "Conditions"}


@SLEEPERS
def test_the_templates_of_a_page_have_no_findings(schedule: str) -> None:
    """A listener takes the rule as it stands."""
    env = minimal(more=schedule)
    assert lint(compile_environment(env), region=env.aws.region) == ()


def test_the_page_fits_into_a_fixed_response() -> None:
    """With the longest name, the longest time zone and many hours."""
    ranges = ", ".join(f"08:00-12:00 {day}, 13:00-18:00 {day}" for day in ("Mon", "Tue", "Wed", "Thu", "Fri"))
    office = f'schedule: {{on: "{ranges}", timezone: America/Argentina/ComodRivadavia}}\n'
    for schedule in (DUE, office):
        env = minimal("name: demo", f"name: {LONGEST}", more=schedule)
        assert len(asleep_page(env, "at 2026-12-31 23:59 UTC").encode()) <= MOST_BYTES


def test_the_page_says_how_to_wake_it() -> None:
    """Office hours keep who woke it by `open` awake all night: a deploy says so."""
    office = asleep_page(minimal(more=HOURS))
    assert "It is awake 08:00-18:00 Mon-Fri (Europe/Berlin)." in office
    assert "<code>windsock deploy</code>" in office
    due = asleep_page(minimal(more=DUE), "at 2026-03-02 01:40 UTC")
    assert "It wakes by itself at 2026-03-02 01:40 UTC." in due
    assert "<code>windsock open</code>" in due


def test_the_watch_knows_the_page_without_the_time() -> None:
    """It writes the time of the next alarm there."""
    env = minimal(more=DUE)
    (scheduler,) = (process for process in env.processes if process.name == "scheduler")
    told = json.loads(alarm_variables(env, StackBuilder(name="s", template=Template()), scheduler)["WINDSOCK_ALARM"])
    assert told["page"].replace("{when}", "soon") == asleep_page(env, "soon")
    assert (told["site_off"], told["services_on"][-1]) == (["windsock-demo-site-off"], "windsock-demo-site-on")


@SLEEPERS
def test_without_a_load_balancer_there_is_no_page(schedule: str) -> None:
    """Nobody could ask for it."""
    env = minimal("network: {allowed_cidrs: [203.0.113.0/24]}\n", "", more=schedule + "web: {load_balancer: none}\n")
    assert not [name for name in _resources(env, "alarm.yaml" if env.due else "hours.yaml") if name.startswith("Site")]
    assert "AsleepRule" not in "".join(compile_environment(env).files.values())


def test_what_never_sleeps_has_no_page() -> None:
    """Nor a rule for it."""
    assert "AsleepRule" not in _rules(minimal())
