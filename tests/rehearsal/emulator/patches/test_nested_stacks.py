"""The promises of rehearsal/emulator/patches/nested_stacks.py, in an emulator."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
BUCKET: dict[str, Any] = {"Type": "AWS::S3::Bucket"}
TOPIC: dict[str, Any] = {"Type": "AWS::SNS::Topic"}


def _definition(*after: str, **properties: Any) -> dict[str, Any]:
    container = {"Name": "idle", "Image": "example.org/idle:1"}
    own = {"ContainerDefinitions": [container], **properties}
    return {"Type": "AWS::ECS::TaskDefinition", "DependsOn": list(after), "Properties": own}


WRONG = _definition("Bucket", Colour="blue")


def _exists(yard: Yard, bucket: str) -> bool:
    try:
        yard.client("s3").head_bucket(Bucket=bucket)
    except ClientError:
        return False
    return True


def test_services_settle_side_by_side(serving: Yard) -> None:
    """Both services of a nested stack begin before either is complete, and the stack is complete after both."""
    stacks = serving.client("cloudformation").describe_stacks()["Stacks"]
    (stack,) = [one["StackId"] for one in stacks if one["StackName"].startswith("yard-Services-")]
    seen = [(name, status) for name, status, _ in serving.events(stack) if name.endswith("Service")]
    updates = [(name, status) for name, status in seen if status.startswith("UPDATE")][:4]
    assert [status for _, status in updates] == ["UPDATE_IN_PROGRESS"] * 2 + ["UPDATE_COMPLETE"] * 2
    assert {name for name, _ in updates[:2]} == {"WebService", "SlowService"}


def test_a_failed_creation_is_cleaned_up(yard: Yard) -> None:
    """The child's resources go, and the parent's event says what failed in the child."""
    name = "yard-failed-creation"
    bucket = {**BUCKET, "Properties": {"BucketName": name}}
    stack = yard.create("broken", {"Child": yard.nested("broken.json", {"Bucket": bucket, "Wrong": WRONG})})
    assert yard.status(stack) == "ROLLBACK_COMPLETE"
    reasons = [reason for logical_id, _, reason in yard.events(stack) if logical_id == "Child"]
    assert any(reason.startswith("Embedded stack") and "unsupported property Colour" in reason for reason in reasons)
    assert not _exists(yard, name)
    events = yard.client("cloudformation").describe_stack_events(StackName=stack)["StackEvents"]
    (failed,) = (event for event in events if event["ResourceStatus"] == "CREATE_FAILED")
    assert "stack/broken-Child-" in failed["PhysicalResourceId"]  # where its own events can be read
    yard.delete(stack)


def test_a_creation_that_is_taken_back_keeps_what_is_retained_in_any_case(yard: Yard) -> None:
    """RetainExceptOnCreate keeps nothing then, neither in the child that failed nor in one that was complete."""
    names = {"Retain": "yard-undone-kept", "RetainExceptOnCreate": "yard-undone-gone"}

    def buckets(of: str) -> dict[str, Any]:
        made = {policy: {"BucketName": f"{name}-{of}"} for policy, name in names.items()}
        return {policy: {**BUCKET, "DeletionPolicy": policy, "Properties": own} for policy, own in made.items()}

    wrong = {**WRONG, "DependsOn": [*names]}
    complete = yard.nested("complete.json", buckets("complete"))
    failing = {**yard.nested("failing.json", {**buckets("failed"), "Wrong": wrong}), "DependsOn": "Complete"}
    stack = yard.create("undone", {"Complete": complete, "Failing": failing})
    assert yard.status(stack) == "ROLLBACK_COMPLETE"
    for of in ("complete", "failed"):
        kept, gone = (f"{name}-{of}" for name in names.values())
        assert (_exists(yard, kept), _exists(yard, gone)) == (True, False)
        yard.client("s3").delete_bucket(Bucket=kept)
    yard.delete(stack)


def test_a_failed_creation_is_kept_without_rollback(yard: Yard) -> None:
    """DisableRollback leaves what was created for a look, until the stack is deleted."""
    name = "yard-kept-creation"
    bucket = {**BUCKET, "Properties": {"BucketName": name}}
    child = yard.nested("kept.json", {"Bucket": bucket, "Wrong": WRONG})
    stack = yard.create("kept", {"Child": child}, DisableRollback=True)
    assert yard.status(stack) == "CREATE_FAILED"
    assert _exists(yard, name)
    yard.delete(stack)


def test_a_failed_update_names_its_child(yard: Yard) -> None:
    """The parent's event says that the embedded stack was not updated, and why."""
    stack = yard.create("updated", {"Child": yard.nested("before.json", {"Bucket": BUCKET})})
    child = yard.nested("after.json", {"Bucket": BUCKET, "Wrong": WRONG})
    assert yard.update(stack, {"Child": child}) == "UPDATE_ROLLBACK_COMPLETE"
    reasons = [reason for logical_id, _, reason in yard.events(stack) if logical_id == "Child"]
    assert any("was not successfully updated" in reason and "Colour" in reason for reason in reasons)
    events = yard.client("cloudformation").describe_stack_events(StackName=stack)["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"] == "UPDATE_FAILED"]
    assert failed
    assert all("-Child-" in event["PhysicalResourceId"] for event in failed)  # where its own events can be read
    assert yard.delete(stack) == "DELETE_COMPLETE"


def test_a_deletion_obeys_the_policies(yard: Yard) -> None:
    """A resource with DeletionPolicy Retain is skipped and stays; the others go."""
    kept, gone = "yard-retained", "yard-deleted"
    resources = {
        "Kept": {**BUCKET, "DeletionPolicy": "Retain", "Properties": {"BucketName": kept}},
        "Gone": {**BUCKET, "Properties": {"BucketName": gone}},
    }
    stack = yard.create("policies", {"Child": yard.nested("policies.json", resources)})
    child = yard.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"][0]
    assert yard.delete(stack) == "DELETE_COMPLETE"
    assert ("Kept", "DELETE_SKIPPED", "") in yard.events(child["PhysicalResourceId"])
    assert (_exists(yard, kept), _exists(yard, gone)) == (True, False)
    yard.client("s3").delete_bucket(Bucket=kept)


@pytest.mark.parametrize("nested", [False, True])
def test_a_failed_deletion_keeps_what_the_failed_resource_needs(yard: Yard, *, nested: bool) -> None:
    """The topic stays as long as the bucket that depends on it cannot be deleted."""
    name = f"yard-needed-{str(nested).lower()}"
    bucket = {**BUCKET, "DependsOn": "Topic", "Properties": {"BucketName": name}}
    resources: dict[str, Any] = {"Bucket": bucket, "Topic": {**TOPIC, "Properties": {"TopicName": name}}}
    if nested:
        resources = {"Child": yard.nested(f"{name}.json", resources)}
    stack = yard.create(name, resources)
    s3, topics = yard.client("s3"), yard.client("sns").list_topics
    s3.put_object(Bucket=name, Key="kept", Body=b"")
    assert yard.delete(stack) == "DELETE_FAILED"
    assert any(topic["TopicArn"].endswith(name) for topic in topics()["Topics"])
    s3.delete_object(Bucket=name, Key="kept")
    assert yard.delete(stack) == "DELETE_COMPLETE"
    assert not any(topic["TopicArn"].endswith(name) for topic in topics()["Topics"])
