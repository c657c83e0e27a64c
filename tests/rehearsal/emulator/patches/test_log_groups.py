"""The promises of rehearsal/emulator/patches/log_groups.py, in an emulator."""

import json
from typing import Any

import pytest

from tests.rehearsal.yard import ACCOUNT, REGION, Yard

pytestmark = pytest.mark.rehearsal
ACCOUNT_DECIDES = {
    "Effect": "Allow",
    "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
    "Action": "kms:*",
    "Resource": "*",
}


def _logs(service: str, groups: str) -> dict[str, Any]:
    context = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{groups}"
    return {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        "Resource": "*",
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": context}},
    }


def _create(yard: Yard, name: str, *statements: dict[str, Any]) -> str:
    policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    key = yard.client("kms").create_key(Policy=policy)["KeyMetadata"]["Arn"]
    group = {"Type": "AWS::Logs::LogGroup", "Properties": {"KmsKeyId": key}}
    return yard.create(name, {"Lines": group}, outputs={"Group": {"Ref": "Lines"}})


def test_a_log_group_is_named_after_its_stack(yard: Yard) -> None:
    """So a policy of a key can name the groups of an environment; an update keeps the name."""
    stack = yard.create("named", {"Lines": {"Type": "AWS::Logs::LogGroup"}}, outputs={"Group": {"Ref": "Lines"}})
    name = yard.output(stack, "Group")
    assert name.startswith("named-Lines-")
    changed = {"Resources": {"Lines": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 7}}}}
    yard.client("cloudformation").update_stack(StackName=stack, TemplateBody=json.dumps(changed))
    assert yard.settled(stack) == "UPDATE_COMPLETE"
    (group,) = yard.client("logs").describe_log_groups(logGroupNamePrefix="named-")["logGroups"]
    assert (group["logGroupName"], group["retentionInDays"]) == (name, 7)
    assert yard.delete(stack) == "DELETE_COMPLETE"


def test_a_log_group_takes_a_key_that_lets_its_service_use_it_for_the_group(yard: Yard) -> None:
    """By the encryption context, which is the ARN of the group."""
    stack = _create(yard, "keyed-logs", ACCOUNT_DECIDES, _logs(f"logs.{REGION}.amazonaws.com", "keyed-logs-*"))
    assert yard.status(stack) == "CREATE_COMPLETE"
    assert yard.delete(stack) == "DELETE_COMPLETE"


@pytest.mark.parametrize(
    ("name", "statements"),
    [
        ("unnamed-logs", ()),
        ("other-service", (_logs("logs.eu-west-1.amazonaws.com", "other-service-*"),)),
        ("other-groups", (_logs(f"logs.{REGION}.amazonaws.com", "demo-*"),)),
    ],
)
def test_a_log_group_refuses_a_key_that_does_not(yard: Yard, name: str, statements: tuple[Any, ...]) -> None:
    """With the words of CloudWatch Logs, although the account itself may do everything."""
    stack = _create(yard, name, ACCOUNT_DECIDES, *statements)
    assert yard.status(stack) == "ROLLBACK_COMPLETE"
    assert any("not allowed to be used with Arn" in reason for _, _, reason in yard.events(stack))
    assert yard.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"] == []
