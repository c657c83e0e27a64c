"""The promises of rehearsal/emulator/patches/deletion_protection.py, in an emulator."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
ATTRIBUTE = "deletion_protection.enabled"
BALANCER = {
    "Type": "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "Properties": {"Type": "application", "LoadBalancerAttributes": [{"Key": ATTRIBUTE, "Value": "true"}]},
}
FAILS = {
    "Type": "AWS::ECS::TaskDefinition",
    "DependsOn": "Balancer",
    "Properties": {"ContainerDefinitions": [{"Name": "idle", "Image": "example.org/idle:1"}], "Colour": "blue"},
}


def test_a_protected_load_balancer_stops_the_deletion(yard: Yard) -> None:
    """Its stack and the API say so; without protection it goes."""
    stack = yard.create("protected-balancer", {"Balancer": BALANCER}, outputs={"Balancer": {"Ref": "Balancer"}})
    elbv2, balancer = yard.client("elbv2"), yard.output(stack, "Balancer")
    assert yard.delete(stack) == "DELETE_FAILED"
    with pytest.raises(ClientError, match=r"OperationNotPermitted.*deletion protection is enabled"):
        elbv2.delete_load_balancer(LoadBalancerArn=balancer)
    _unprotect(elbv2, balancer)
    assert yard.delete(stack) == "DELETE_COMPLETE"


def test_a_first_creation_that_failed_cannot_be_rolled_back(yard: Yard) -> None:
    """The rollback ends with ROLLBACK_FAILED and what is protected; without protection the stack can be deleted."""
    stack = yard.create("protected-failure", {"Balancer": BALANCER, "Late": FAILS})
    assert yard.status(stack) == "ROLLBACK_FAILED"
    assert ("Balancer", "DELETE_FAILED") in [event[:2] for event in yard.events(stack)]
    elbv2 = yard.client("elbv2")
    for balancer in elbv2.describe_load_balancers()["LoadBalancers"]:
        if "protected-failure" in balancer["LoadBalancerName"]:
            _unprotect(elbv2, balancer["LoadBalancerArn"])
    assert yard.delete(stack) == "DELETE_COMPLETE"


def _unprotect(elbv2: Any, balancer: str) -> None:
    elbv2.modify_load_balancer_attributes(LoadBalancerArn=balancer, Attributes=[{"Key": ATTRIBUTE, "Value": "false"}])
