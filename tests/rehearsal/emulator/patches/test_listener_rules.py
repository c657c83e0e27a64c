"""The promises of rehearsal/emulator/patches/listener_rules.py, in an emulator."""

from typing import Any

import pytest

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal


def listener_rule(yard: Yard, priority: int, host: str, body: str = "") -> dict[str, Any]:
    """Return a rule of the yard's listener for a template, which answers a host with a body."""
    elbv2 = yard.client("elbv2")
    balancer = elbv2.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
    listener = elbv2.describe_listeners(LoadBalancerArn=balancer)["Listeners"][0]["ListenerArn"]
    answer = {"StatusCode": "404", "ContentType": "text/plain", "MessageBody": body}
    properties = {
        "ListenerArn": listener,
        "Priority": priority,
        "Conditions": [{"Field": "host-header", "HostHeaderConfig": {"Values": [host]}}],
        "Actions": [{"Type": "fixed-response", "FixedResponseConfig": answer}],
    }
    return {"Type": "AWS::ElasticLoadBalancingV2::ListenerRule", "Properties": properties}


def test_a_rule_has_the_tags_of_its_stack(yard: Yard) -> None:
    """A deployer who may delete what bears a tag could not delete it otherwise."""
    elbv2 = yard.client("elbv2")
    rule = {"Rule": listener_rule(yard, 60, "tagged.example.org")}
    stack = yard.create("tagged-rule", rule, Tags=[{"Key": "team", "Value": "data"}], outputs={"Arn": {"Ref": "Rule"}})
    arn = yard.output(stack, "Arn")
    (described,) = elbv2.describe_tags(ResourceArns=[arn])["TagDescriptions"]
    assert {"Key": "team", "Value": "data"} in described["Tags"]
    assert yard.delete(stack) == "DELETE_COMPLETE"


def test_a_page_of_a_rule_is_described_as_it_is(yard: Yard) -> None:
    """An answer of the API is XML, and the page in it is not."""
    page = '<!doctype html><meta charset="utf-8"><p>Research & development'
    rule = {"Rule": listener_rule(yard, 63, "page.example.org", page)}
    stack = yard.create("page-rule", rule, outputs={"Arn": {"Ref": "Rule"}})
    elbv2, arn = yard.client("elbv2"), yard.output(stack, "Arn")
    nobody = {"Field": "host-header", "HostHeaderConfig": {"Values": ["asleep.invalid"]}}
    (changed,) = elbv2.modify_rule(RuleArn=arn, Conditions=[nobody])["Rules"]
    (described,) = elbv2.describe_rules(RuleArns=[arn])["Rules"]
    for one in (changed, described):
        assert one["Actions"][0]["FixedResponseConfig"]["MessageBody"] == page
        assert one["Conditions"][0]["Values"] == ["asleep.invalid"]
    assert yard.delete(stack) == "DELETE_COMPLETE"


def test_a_priority_is_taken_once(yard: Yard) -> None:
    """By a template, and by whoever asks the API."""
    held = yard.create("held-priority", {"Rule": listener_rule(yard, 71, "held.example.org")})
    taker = yard.create("taken-priority", {"Rule": listener_rule(yard, 71, "taker.example.org")})
    assert yard.settled(taker) == "ROLLBACK_COMPLETE"
    assert any("Priority '71' is currently in use" in reason for _, _, reason in yard.events(taker))
    properties = listener_rule(yard, 71, "api.example.org")["Properties"]
    elbv2 = yard.client("elbv2")
    with pytest.raises(elbv2.exceptions.PriorityInUseException):
        elbv2.create_rule(**properties)
    assert [yard.delete(stack) for stack in (held, taker)] == ["DELETE_COMPLETE"] * 2


def test_targets_belong_to_one_load_balancer(yard: Yard) -> None:
    """A rule of another one that forwards to them fails, and so does what would replace a load balancer in a stack."""
    elbv2 = yard.client("elbv2")
    group = elbv2.describe_target_groups()["TargetGroups"][0]["TargetGroupArn"]
    balancer = {"Type": "application", "Scheme": "internal", "Subnets": yard.outputs["Subnets"].split(",")}
    nothing = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    listener = {"LoadBalancerArn": {"Ref": "Other"}, "Protocol": "HTTP", "Port": 80, "DefaultActions": [nothing]}
    rule = {
        "ListenerArn": {"Ref": "Listener"},
        "Priority": 1,
        "Conditions": [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/*"]}}],
        "Actions": [{"Type": "forward", "TargetGroupArn": group}],
    }
    kinds = {"Other": ("LoadBalancer", balancer), "Listener": ("Listener", listener), "Rule": ("ListenerRule", rule)}
    resources = {
        name: {"Type": f"AWS::ElasticLoadBalancingV2::{kind}", "Properties": properties}
        for name, (kind, properties) in kinds.items()
    }
    stack = yard.create("second-balancer", resources)
    assert yard.settled(stack) == "ROLLBACK_COMPLETE"
    assert any("more than one load balancer" in reason for _, _, reason in yard.events(stack))
    assert yard.delete(stack) == "DELETE_COMPLETE"
