"""The promises of rehearsal/emulator/patches/buckets.py, in an emulator."""

import pytest

from tests.rehearsal.yard import Yard, template

pytestmark = pytest.mark.rehearsal


def test_a_bucket_that_holds_something_stops_the_deletion(yard: Yard) -> None:
    """The stack stays with the reason, and so does the object; an empty bucket goes."""
    stack = yard.create("full", {"Bucket": {"Type": "AWS::S3::Bucket"}}, outputs={"Bucket": {"Ref": "Bucket"}})
    bucket, s3 = yard.output(stack, "Bucket"), yard.client("s3")
    s3.put_object(Bucket=bucket, Key="kept", Body=b"kept")
    assert yard.delete(stack) == "DELETE_FAILED"
    assert any("not empty" in reason for _, _, reason in yard.events(stack))
    assert s3.get_object(Bucket=bucket, Key="kept")["Body"].read() == b"kept"
    s3.delete_object(Bucket=bucket, Key="kept")
    assert yard.delete(stack) == "DELETE_COMPLETE"


def test_a_bucket_has_the_tags_of_its_stack(yard: Yard) -> None:
    """Beside its own, and as they are after an update."""
    bucket = {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"Tags": [{"Key": "own", "Value": "1"}]}}}
    cloudformation, s3 = yard.client("cloudformation"), yard.client("s3")
    stack = yard.create("tagged", bucket, Tags=[{"Key": "team", "Value": "data"}])
    assert yard.status(stack) == "CREATE_COMPLETE", yard.events(stack)
    (resource,) = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]

    def tags() -> dict[str, str]:
        found = s3.get_bucket_tagging(Bucket=resource["PhysicalResourceId"])["TagSet"]
        return {tag["Key"]: tag["Value"] for tag in found if not tag["Key"].startswith("aws:")}

    assert tags() == {"own": "1", "team": "data"}
    cloudformation.update_stack(StackName=stack, TemplateBody=template(bucket), Tags=[{"Key": "squad", "Value": "a"}])
    assert yard.settled(stack) == "UPDATE_COMPLETE", yard.events(stack)
    assert tags() == {"own": "1", "squad": "a"}
    assert yard.delete(stack) == "DELETE_COMPLETE"
