"""The promise of rehearsal/emulator/patches/listener_attributes.py, in an emulator."""

import pytest

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
HEADER = {"Key": "routing.http.response.x_content_type_options.header_value", "Value": "nosniff"}


def test_a_new_listener_has_its_attributes_and_adds_header_fields(yard: Yard) -> None:
    """MiniStack would drop them until an update, and add nothing."""
    elbv2 = yard.client("elbv2")
    balancer = elbv2.describe_load_balancers()["LoadBalancers"][0]
    answer = {"StatusCode": "404", "ContentType": "text/plain", "MessageBody": "Nothing here."}
    properties = {
        "LoadBalancerArn": balancer["LoadBalancerArn"],
        "Port": 8081,
        "Protocol": "HTTP",
        "DefaultActions": [{"Type": "fixed-response", "FixedResponseConfig": answer}],
        "ListenerAttributes": [HEADER],
    }
    listener = {"Listener": {"Type": "AWS::ElasticLoadBalancingV2::Listener", "Properties": properties}}
    stack = yard.create("careful", listener, outputs={"Arn": {"Ref": "Listener"}})
    arn = yard.output(stack, "Arn")
    assert elbv2.describe_listener_attributes(ListenerArn=arn)["Attributes"] == [HEADER]
    assert yard.delete(stack) == "DELETE_COMPLETE"
