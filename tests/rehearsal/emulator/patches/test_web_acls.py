"""The promises of rehearsal/emulator/patches/web_acls.py, in an emulator."""

from typing import Any

import pytest

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
SHOWN = {"CloudWatchMetricsEnabled": True, "MetricName": "m", "SampledRequestsEnabled": False}
VISITS = """
import os, urllib.error, urllib.request
for number in range(12):
    named = {"X-Forwarded-For": f"198.51.100.{number}"}
    request = urllib.request.Request("http://" + os.environ["BALANCER"] + "/", headers=named)
    try:
        print(urllib.request.urlopen(request).status)
    except urllib.error.HTTPError as error:
        print(error.status)
"""


def _resources(balancer: str, kind: str = "RateBasedStatement") -> dict[str, Any]:
    statement = {kind: {"AggregateKeyType": "IP", "Limit": 10} if kind == "RateBasedStatement" else {}}
    rule = {"Name": "r", "Priority": 0, "Action": {"Block": {}}, "Statement": statement, "VisibilityConfig": SHOWN}
    acl = {"Scope": "REGIONAL", "DefaultAction": {"Allow": {}}, "VisibilityConfig": SHOWN, "Rules": [rule]}
    placed = {"ResourceArn": balancer, "WebACLArn": {"Fn::GetAtt": ["Acl", "Arn"]}}
    return {
        "Acl": {"Type": "AWS::WAFv2::WebACL", "Properties": acl},
        "Placed": {"Type": "AWS::WAFv2::WebACLAssociation", "Properties": placed},
    }


def test_a_web_acl_refuses_an_address_after_its_limit(serving: Yard) -> None:
    """Whatever the visitor says of other addresses; without the web ACL everything passes again."""
    balancer = serving.client("elbv2").describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
    outputs = {"Arn": {"Fn::GetAtt": ["Acl", "Arn"]}}
    stack = serving.create("walled", _resources(balancer), outputs=outputs, Tags=[{"Key": "team", "Value": "data"}])
    waf, arn = serving.client("wafv2"), serving.output(stack, "Arn")
    assert waf.get_web_acl_for_resource(ResourceArn=balancer)["WebACL"]["ARN"] == arn
    tags = waf.list_tags_for_resource(ResourceARN=arn)["TagInfoForResource"]["TagList"]
    assert {"Key": "team", "Value": "data"} in tags
    assert serving.run("python", "-c", VISITS) == ["200"] * 10 + ["403"] * 2
    assert serving.delete(stack) == "DELETE_COMPLETE"
    assert serving.run("python", "-c", VISITS) == ["200"] * 12


def test_a_web_acl_that_cannot_be_judged_is_refused(yard: Yard) -> None:
    """So is an association with what is not there."""
    balancer = yard.client("elbv2").describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
    for number, resources in enumerate((_resources(balancer, "XssMatchStatement"), _resources(f"{balancer}0"))):
        stack = yard.create(f"unjudged-{number}", resources)
        assert yard.status(stack) == "ROLLBACK_COMPLETE"
        assert yard.delete(stack) == "DELETE_COMPLETE"
