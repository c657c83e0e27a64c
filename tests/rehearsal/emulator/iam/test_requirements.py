"""The promises of rehearsal/emulator/iam/requirements.py that need no reference; test_authorizer.py has the others."""

from typing import Any

from rehearsal.emulator.iam.api_call import ApiCall
from rehearsal.emulator.iam.requirements import keys_of, request_tags, tag_keys


def call(action: str, **parameters: Any) -> ApiCall:
    """Return a call."""
    return ApiCall(action=action, parameters=parameters, region="eu-central-1", account="123456789012")


def test_the_cluster_of_an_ecs_call_is_a_key() -> None:
    """As an ARN, also when the call has only its name."""
    arn = "arn:aws:ecs:eu-central-1:123456789012:cluster/demo"
    assert keys_of(call("ecs:RunTask", cluster="demo"))["ecs:cluster"] == arn
    assert keys_of(call("ecs:RunTask", cluster=arn))["ecs:cluster"] == arn


def test_the_prefix_of_a_listing_is_a_key() -> None:
    """A listing without one has no such key, so that no condition on it holds."""
    assert keys_of(call("s3:ListBucket", bucket="code", prefix="dags/"))["s3:prefix"] == "dags/"
    assert "s3:prefix" not in keys_of(call("s3:ListBucket", bucket="code"))


def test_the_condition_of_a_write_is_a_key() -> None:
    """A policy that demands one asks whether the key is there."""
    assert keys_of(call("s3:PutObject", **{"if-match": '"etag"'}))["s3:if-match"] == '"etag"'
    assert "s3:if-none-match" not in keys_of(call("s3:PutObject"))


def test_tags_of_a_request_are_keys() -> None:
    """Whether they come as a list, as a map or in a form."""
    expected = {"team": "data"}
    assert request_tags(call("ecs:RunTask", tags=[{"key": "team", "value": "data"}])) == expected
    assert request_tags(call("elasticfilesystem:CreateFileSystem", tags=[{"Key": "team", "Value": "data"}])) == expected
    assert request_tags(call("logs:CreateLogGroup", tags={"team": "data"})) == expected
    form = {"tags.member.1.key": "team", "tags.member.1.value": "data"}
    assert request_tags(call("iam:CreateRole", **form)) == expected
    form = {"tagspecification.1.tag.1.key": "team", "tagspecification.1.tag.1.value": "data"}
    assert request_tags(call("ec2:CreateVpc", **form)) == expected
    keys = keys_of(call("iam:CreateRole", tags=[{"Key": "Team", "Value": "data"}]))
    assert (keys["aws:requesttag/team"], keys["aws:tagkeys"]) == ("data", ["Team"])


def test_tags_of_a_resource_are_keys() -> None:
    """Keys have no case."""
    assert tag_keys({"windsock:Environment": "demo"}) == {"aws:resourcetag/windsock:environment": "demo"}
