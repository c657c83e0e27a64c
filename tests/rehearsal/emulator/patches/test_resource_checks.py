"""The promise of rehearsal/emulator/patches/resource_checks.py, in an emulator."""

import json
from typing import Any

import pytest

from tests.rehearsal.emulator.iam.roles import document
from tests.rehearsal.yard import Resources, Yard

pytestmark = pytest.mark.rehearsal
MANAGED = "arn:aws:iam::aws:policy/Policy{}"


def _child(yard: Yard, file: str, *, policies: int) -> Resources:
    properties: dict[str, Any] = {
        "AssumeRolePolicyDocument": json.loads(document()),
        "ManagedPolicyArns": [MANAGED.format(number) for number in range(policies)],
    }
    return {"Child": yard.nested(file, {"Role": {"Type": "AWS::IAM::Role", "Properties": properties}})}


def test_a_resource_of_a_nested_stack_is_checked_when_it_is_made_and_when_it_changes(yard: Yard) -> None:
    """MiniStack handles nested stacks and root stacks with functions of their own."""
    refused = yard.create("checked-at-once", _child(yard, "checked-large.json", policies=11))
    assert yard.status(refused) == "ROLLBACK_COMPLETE"
    yard.delete(refused)
    stack = yard.create("checked-later", _child(yard, "checked-small.json", policies=0))
    assert yard.update(stack, _child(yard, "checked-larger.json", policies=11)) == "UPDATE_ROLLBACK_COMPLETE"
    assert yard.delete(stack) == "DELETE_COMPLETE"
