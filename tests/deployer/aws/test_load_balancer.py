"""Targets, rules and protection through the real client, answered by hand."""

import pytest

from deployer.aws.load_balancer import LoadBalancer, Rule
from tests.deployer.aws.stub import stubbed


def test_targets_have_address_and_state() -> None:
    """In the load balancer's own words."""
    client, stub = stubbed("elbv2")
    health = {"Target": {"Id": "10.0.0.4", "Port": 8080}, "TargetHealth": {"State": "unhealthy", "Description": "503"}}
    stub.add_response("describe_target_health", {"TargetHealthDescriptions": [health]}, {"TargetGroupArn": "g"})
    (target,) = LoadBalancer(client).targets("g")
    assert (target.address, target.state, target.reason) == ("10.0.0.4:8080", "unhealthy", "503")


def test_a_missing_target_group_has_none() -> None:
    """The stack may be half-way gone."""
    client, stub = stubbed("elbv2")
    stub.add_client_error("describe_target_health", "TargetGroupNotFound")
    assert LoadBalancer(client).targets("g") == ()


def test_protection_is_lifted() -> None:
    """No other attribute is changed."""
    client, stub = stubbed("elbv2")
    attribute = {"Key": "deletion_protection.enabled", "Value": "false"}
    stub.add_response("modify_load_balancer_attributes", {}, {"LoadBalancerArn": "b", "Attributes": [attribute]})
    LoadBalancer(client).unprotect("b")
    stub.assert_no_pending_responses()


def test_a_load_balancer_that_is_gone_needs_no_lifting() -> None:
    """Somebody has deleted it meanwhile."""
    client, stub = stubbed("elbv2")
    stub.add_client_error("modify_load_balancer_attributes", "LoadBalancerNotFound")
    LoadBalancer(client).unprotect("b")
    stub.assert_no_pending_responses()


@pytest.mark.parametrize(("host", "shown"), [("asleep.invalid", False), ("airflow.example.org", True)])
def test_a_page_is_shown_while_its_rule_has_hosts_of_the_site(host: str, *, shown: bool) -> None:
    """A host that cannot exist means nobody."""
    client, stub = stubbed("elbv2")
    condition = {"Field": "host-header", "Values": [host], "HostHeaderConfig": {"Values": [host]}}
    stub.add_response("describe_rules", {"Rules": [{"Conditions": [condition]}]}, {"RuleArns": ["r"]})
    assert LoadBalancer(client).shows_page("r") is shown


def test_a_page_is_taken_away_by_its_host() -> None:
    """What it says stays as it is."""
    client, stub = stubbed("elbv2")
    condition = {"Field": "host-header", "HostHeaderConfig": {"Values": ["asleep.invalid"]}}
    stub.add_response("modify_rule", {}, {"RuleArn": "r", "Conditions": [condition]})
    LoadBalancer(client).take_page_away("r")
    stub.assert_no_pending_responses()


def test_rules_have_a_priority_and_hosts() -> None:
    """Of every page of the answer; the default rule is for any host."""
    client, stub = stubbed("elbv2")
    host = {"Field": "host-header", "HostHeaderConfig": {"Values": ["a.example.org"]}}
    path = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/docs*"]}}
    pages = [{"Priority": "7", "Conditions": [path, host]}], [{"Priority": "default"}]
    stub.add_response("describe_rules", {"Rules": pages[0], "NextMarker": "m"}, {"ListenerArn": "l"})
    stub.add_response("describe_rules", {"Rules": pages[1]}, {"ListenerArn": "l", "Marker": "m"})
    assert LoadBalancer(client).rules("l") == (Rule("7", ("a.example.org",)), Rule("default", ()))
