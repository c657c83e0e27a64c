"""Promises of the expiry: it deletes this environment and nothing else, and is deleted last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.model.template_set import ROOT

if TYPE_CHECKING:
    from tests.compiler.conftest import Case


def _resources(case: Case) -> dict[str, Any]:
    resources: dict[str, Any] = case.parsed["lifetime.yaml"]["Resources"]
    return resources


def test_without_a_ttl_there_is_no_stack(smallest: Case) -> None:
    """No parameter, no output."""
    assert "lifetime" not in smallest.templates.nested
    assert not {"ExpiresAt", "DeletionRole"} & smallest.parsed[ROOT]["Parameters"].keys()


def test_the_expiry_is_deleted_last(mayfly: Case) -> None:
    """Every other stack depends on it, so the schedule stays as long as anything is left."""
    nested = mayfly.parsed[ROOT]["Resources"]
    assert "DependsOn" not in nested["Lifetime"]
    others = [stack for title, stack in nested.items() if title != "Lifetime"]
    assert all(stack["DependsOn"] == ["Lifetime"] for stack in others)


def test_the_schedule_repeats_every_hour(mayfly: Case) -> None:
    """From the expiry on; its time is a parameter."""
    schedule = _resources(mayfly)["Expiry"]["Properties"]
    assert (schedule["ScheduleExpression"], schedule["StartDate"]) == ("rate(1 hour)", {"Ref": "ExpiresAt"})
    assert mayfly.parsed[ROOT]["Parameters"]["ExpiresAt"]["Type"] == "String"


def test_the_role_deletes_this_stack_and_passes_one_role(mayfly: Case) -> None:
    """By the stack's ARN, which no other stack ever has; it passes the role to CloudFormation alone."""
    role = _resources(mayfly)["SchedulesRole"]["Properties"]
    delete, hand_over = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert (delete["Action"], delete["Resource"]) == (["cloudformation:DeleteStack"], [{"Ref": "RootStack"}])
    assert (hand_over["Action"], hand_over["Resource"]) == (["iam:PassRole"], [{"Ref": "DeletionRole"}])
    assert hand_over["Condition"] == {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}}
    given = mayfly.parsed[ROOT]["Resources"]["Lifetime"]["Properties"]["Parameters"]
    assert given["RootStack"] == {"Ref": "AWS::StackId"}


def test_only_schedules_of_this_account_assume_the_role(mayfly: Case) -> None:
    """Another account's schedule cannot."""
    (trust,) = _resources(mayfly)["SchedulesRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_the_code_bucket_of_an_expiring_environment_empties_itself(mayfly: Case, smallest: Case) -> None:
    """CloudFormation deletes no bucket with objects: no versions, and nothing stays for more than a day."""
    bucket = mayfly.only("AWS::S3::Bucket")
    assert "VersioningConfiguration" not in bucket
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    assert (rule["ExpirationInDays"], rule["NoncurrentVersionExpiration"]) == (1, {"NoncurrentDays": 1})
    assert "VersioningConfiguration" in smallest.only("AWS::S3::Bucket")
