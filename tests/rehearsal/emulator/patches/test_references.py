"""The promises of rehearsal/emulator/patches/references.py, in an emulator."""

from typing import Any

import pytest

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal


def _child(yard: Yard, file: str, *, retention: int) -> dict[str, Any]:
    """Return a nested stack with a secret, a parameter that refers to it, and a log group to change."""
    secret = {"Type": "AWS::SecretsManager::Secret", "Properties": {"SecretString": "of-the-test"}}
    value = {"Fn::Sub": "{{resolve:secretsmanager:${Secret}:SecretString}}"}
    resources = {
        "Secret": secret,
        "Parameter": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}},
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": retention}},
    }
    outputs = {"Parameter": {"Ref": "Parameter"}, "Topic": {"Fn::GetAtt": ["Topic", "TopicName"]}}
    return yard.nested(file, resources, outputs)


def test_a_nested_stack_resolves_references_and_keeps_attributes(yard: Yard) -> None:
    """The parameter has the secret's value, and an update leaves the attributes of what it does not touch."""
    outputs = {key: {"Fn::GetAtt": ["Child", f"Outputs.{key}"]} for key in ("Parameter", "Topic")}
    stack = yard.create("references", {"Child": _child(yard, "first.json", retention=1)}, outputs=outputs)
    topic = yard.output(stack, "Topic")
    name = yard.output(stack, "Parameter")
    assert yard.client("ssm").get_parameter(Name=name)["Parameter"]["Value"] == "of-the-test"
    child = _child(yard, "second.json", retention=3)
    assert yard.update(stack, {"Child": child}, outputs=outputs) == "UPDATE_COMPLETE"
    assert yard.output(stack, "Topic") == topic
    assert yard.client("ssm").get_parameter(Name=name)["Parameter"]["Value"] == "of-the-test"
    assert yard.delete(stack) == "DELETE_COMPLETE"
