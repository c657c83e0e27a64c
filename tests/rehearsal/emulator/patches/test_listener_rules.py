"""The promise of rehearsal/emulator/patches/listener_rules.py, in an emulator."""

import pytest

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal


def test_a_rule_has_the_tags_of_its_stack(yard: Yard) -> None:
    """A deployer who may delete what bears a tag could not delete it otherwise."""
    elbv2 = yard.client("elbv2")
    balancer = elbv2.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
    listener = elbv2.describe_listeners(LoadBalancerArn=balancer)["Listeners"][0]["ListenerArn"]
    properties = {
        "ListenerArn": listener,
        "Priority": 60,
        "Conditions": [{"Field": "host-header", "HostHeaderConfig": {"Values": ["tagged.example.org"]}}],
        "Actions": [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
    }
    rule = {"Rule": {"Type": "AWS::ElasticLoadBalancingV2::ListenerRule", "Properties": properties}}
    stack = yard.create("tagged-rule", rule, Tags=[{"Key": "team", "Value": "data"}], outputs={"Arn": {"Ref": "Rule"}})
    arn = yard.output(stack, "Arn")
    (described,) = elbv2.describe_tags(ResourceArns=[arn])["TagDescriptions"]
    assert {"Key": "team", "Value": "data"} in described["Tags"]
    assert yard.delete(stack) == "DELETE_COMPLETE"
