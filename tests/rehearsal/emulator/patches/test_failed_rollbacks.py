"""The promise of rehearsal/emulator/patches/failed_rollbacks.py, in an emulator."""

import pytest

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal

WRONG = {"Type": "AWS::ECS::TaskDefinition", "DependsOn": "Balancer", "Properties": {"Colour": "blue"}}


def test_what_a_rollback_cannot_delete_stays_in_its_stack(yard: Yard) -> None:
    """It is listed as DELETE_FAILED, and goes with the stack when nothing protects it any more."""
    attributes = [{"Key": "deletion_protection.enabled", "Value": "true"}]
    properties = {"Type": "application", "Scheme": "internal", "LoadBalancerAttributes": attributes}
    balancer = {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": properties}
    stack = yard.create("half-undone", {"Balancer": balancer, "Wrong": WRONG})
    assert yard.status(stack) == "ROLLBACK_FAILED"
    found = yard.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    assert [(one["LogicalResourceId"], one["ResourceStatus"]) for one in found] == [("Balancer", "DELETE_FAILED")]
    arn, elb = found[0]["PhysicalResourceId"], yard.client("elbv2")
    off = [{**attributes[0], "Value": "false"}]
    elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=off)
    assert yard.delete(stack) == "DELETE_COMPLETE"
    assert arn not in [one["LoadBalancerArn"] for one in elb.describe_load_balancers()["LoadBalancers"]]
