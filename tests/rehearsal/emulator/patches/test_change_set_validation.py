"""The promises of rehearsal/emulator/patches/change_set_validation.py, in an emulator."""

from typing import Any

import pytest

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
TAKEN = "templates"
"""A bucket that the emulator of the tests has."""


def _events(yard: Yard, change_set: str) -> list[dict[str, Any]]:
    client = yard.client("cloudformation")
    answer = client.describe_events(ChangeSetName=change_set)
    found = list(answer["OperationEvents"])
    while token := answer.get("NextToken"):
        answer = client.describe_events(ChangeSetName=change_set, NextToken=token)
        found += answer["OperationEvents"]
    return found


def _bucket(name: Any = TAKEN) -> dict[str, Any]:
    return {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}}


def test_a_name_that_is_taken_fails_the_change_set(yard: Yard) -> None:
    """Also one that a parameter gives; the reason sends to DescribeEvents, and the root names the nested change set."""
    child = yard.nested("taken.json", {"Bucket": _bucket({"Ref": "Name"})}, given={"Name": TAKEN})
    root = yard.propose("taken", {"Child": child})
    nested = yard.proposal(root["Changes"]["Child"]["ChangeSetId"])
    assert (root["Status"], nested["Status"]) == ("FAILED", "FAILED")
    assert "AWS::EarlyValidation::ResourceExistenceCheck" in nested["StatusReason"]
    assert nested["ChangeSetId"] in root["StatusReason"]
    (event,) = _events(yard, nested["ChangeSetId"])
    assert (event["EventType"], event["ValidationFailureMode"]) == ("VALIDATION_ERROR", "FAIL")
    assert event["ValidationStatusReason"].endswith(f"with identifier '{TAKEN}' already exists.")
    yard.delete(root["StackId"])


def test_many_findings_come_in_pages(yard: Yard) -> None:
    """The last may be the one that matters."""
    root = yard.propose("pages", {f"Bucket{number}": _bucket() for number in range(101)})
    first = yard.client("cloudformation").describe_events(ChangeSetName=root["ChangeSetId"])
    assert len(first["OperationEvents"]) < len(_events(yard, root["ChangeSetId"])) == 101
    yard.delete(root["StackId"])


def test_a_quota_is_a_warning(yard: Yard) -> None:
    """The change set is ready all the same."""
    vpcs = {
        f"Vpc{number}": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.7.0.0/16"}} for number in range(6)
    }
    root = yard.propose("warned", vpcs)
    assert root["Status"] == "CREATE_COMPLETE"
    (event,) = _events(yard, root["ChangeSetId"])
    assert (event["ValidationFailureMode"], event["ResourceType"]) == ("WARN", "AWS::EC2::VPC")
    assert "VPCs per Region" in event["ValidationStatusReason"]
    yard.delete(root["StackId"])


def test_a_new_name_and_a_kept_resource_are_no_conflict(yard: Yard) -> None:
    """An update does not trip over what the stack itself has made."""
    own = {"Bucket": _bucket("yard-of-its-own")}
    stack = yard.create("own-bucket", own)
    root = yard.propose(stack, {**own, "Topic": {"Type": "AWS::SNS::Topic"}}, kind="UPDATE")
    assert (root["Status"], _events(yard, root["ChangeSetId"])) == ("CREATE_COMPLETE", [])
    yard.delete(stack)
