"""Targets through the real client, answered by hand."""

from deployer.aws.load_balancer import LoadBalancer
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
