"""Promises of the statements: a denial has its condition, an allowance its actions and resources."""

from __future__ import annotations

from typing import Any

import pytest
from awacs import s3
from troposphere import Template, encode_to_dict
from troposphere.s3 import Bucket

from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder
from compiler.resources.policies import document, only_pushed_objects, only_tls, statement


def _statement(*statements: Any) -> dict[str, Any]:
    (statement,) = encode_to_dict(document(*statements))["Statement"]
    return dict(statement)


def test_a_policy_has_the_current_version() -> None:
    """Without a version IAM reads a policy in the manner of 2008, which knows no variables."""
    assert document()["Version"] == "2012-10-17"


def test_a_refusal_without_resources_means_what_it_is_attached_to() -> None:
    """A file system's own policy names no resource; a bucket's does."""
    assert "Resource" not in _statement(only_tls([s3.GetObject]))
    assert _statement(only_tls([s3.GetObject], ["arn"]))["Resource"] == ["arn"]


PLACE = Permission(
    source="web",
    sid="Read",
    actions=("s3:GetObject",),
    resources=("${CodeBucket}", "${Own}", "${Own.Arn}", "arn:aws:s3:::${CodeBucket}/*", "*"),
    why="code",
    conditions={"StringLike": {"s3:prefix": ("code/*",)}, "StringEquals": {"aws:SourceAccount": "${AWS::AccountId}"}},
)


def test_a_statement_refers_to_values_of_other_stacks_and_to_resources_of_its_own() -> None:
    """A value becomes a parameter of the stack; a resource of the same stack does not."""
    stack = StackBuilder(name="platform", template=Template())
    stack.add(Bucket("Own"), "A bucket")
    written = encode_to_dict(document(statement(stack, PLACE)))["Statement"][0]
    assert written["Resource"] == [
        {"Ref": "CodeBucket"},
        {"Ref": "Own"},
        {"Fn::GetAtt": ["Own", "Arn"]},
        {"Fn::Sub": "arn:aws:s3:::${CodeBucket}/*"},
        "*",
    ]
    assert written["Condition"] == {
        "StringLike": {"s3:prefix": ["code/*"]},
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
    }
    assert [value.title for value in stack.inputs] == ["CodeBucket"]


def test_a_statement_refuses_a_name_that_no_stack_outputs() -> None:
    """A slip in a name is found when the template is compiled, not by CloudFormation."""
    slip = Permission(source="web", sid="Slip", actions=("s3:GetObject",), resources=("${CodeBuckt}",), why="code")
    with pytest.raises(KeyError, match="CodeBuckt"):
        statement(StackBuilder(name="platform", template=Template()), slip)


CI = "arn:aws:iam::123456789012:role/ci"
CODE = ["arn:code/releases/*", "arn:code/current.json"]


def _code_refusals(*pushers: str) -> dict[str, Any]:
    written = encode_to_dict(document(*only_pushed_objects("demo", pushers, "arn:code")))["Statement"]
    return {one["Sid"]: one for one in written}


def test_others_than_the_pushers_write_no_code_and_read_none() -> None:
    """But a role of the environment reads it. Reports, which containers write, and deletions stay with IAM."""
    refusals = _code_refusals(CI)
    write, read = refusals["OnlyPushersWriteCode"], refusals["OnlyPushersAndEnvironmentReadCode"]
    assert (write["Effect"], write["Principal"], write["Action"]) == ("Deny", "*", ["s3:PutObject"])
    assert write["Condition"] == {"ArnNotLike": {"aws:PrincipalArn": [CI]}}
    assert (read["Effect"], read["Action"]) == ("Deny", ["s3:GetObject", "s3:GetObjectVersion"])
    outside = {"StringNotEquals": {"aws:PrincipalTag/windsock:environment": "demo"}}
    assert read["Condition"] == {**write["Condition"], **outside}
    assert [one["Fn::Sub"] for one in write["Resource"]] == CODE
    assert [one["Fn::Sub"] for one in read["Resource"]] == CODE


def test_without_pushers_the_policy_is_as_it_was() -> None:
    """Whoever has the rights in IAM may push and read."""
    assert set(_code_refusals(CI)) - set(_code_refusals()) == {
        "OnlyPushersWriteCode",
        "OnlyPushersAndEnvironmentReadCode",
    }
