"""The promises of rehearsal/emulator/patches/nested_changes.py, in an emulator."""

from typing import Any

import pytest

from tests.rehearsal.yard import Resources, Yard

pytestmark = pytest.mark.rehearsal
TOPIC: dict[str, Any] = {"Type": "AWS::SNS::Topic"}
LIST = {"Fn::Split": [",", {"Ref": "Names"}]}
FROM_SIBLING = {"Names": {"Fn::GetAtt": ["Sibling", "Outputs.Names"]}}


def _parameter(value: Any, **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value, **more}}


def _tree(yard: Yard, resources: Resources, given: Resources) -> Resources:
    sibling = yard.nested("sibling.json", {"Topic": TOPIC}, {"Names": "one,two"})
    return {"Sibling": sibling, "Child": yard.nested("child.json", resources, given=given)}


def test_a_look_into_the_value_of_a_sibling_fails_the_change_set(yard: Yard) -> None:
    """A placeholder splits into one element, so that there is no second; the first is there."""
    second = {"Second": _parameter({"Fn::Select": [1, LIST]})}
    root = yard.propose("looking", _tree(yard, second, FROM_SIBLING))
    nested = yard.proposal(root["Changes"]["Child"]["ChangeSetId"])
    assert root["Status"] == "FAILED"
    assert nested["StatusReason"] == "Template error: Fn::Select cannot select nonexistent value at index 1"
    yard.delete(root["StackId"])
    first = {"First": _parameter({"Fn::Select": [0, LIST]})}
    root = yard.propose("looking", _tree(yard, first, FROM_SIBLING))
    assert root["Status"] == "CREATE_COMPLETE"
    yard.delete(root["StackId"])


def test_a_look_into_a_known_value_is_no_fault(yard: Yard) -> None:
    """What the root itself says is known, and so is a resource of the same template to the execution."""
    resources = {"Topic": TOPIC, "Second": _parameter({"Fn::Select": [1, LIST]})}
    resources["Own"] = _parameter({"Fn::Select": [1, {"Fn::Split": [":", {"Ref": "Topic"}]}]})
    root = yard.propose("known", _tree(yard, resources, {"Names": "one,two"}))
    assert root["Status"] == "CREATE_COMPLETE"
    yard.delete(root["StackId"])


def test_an_unknown_value_changes_what_refers_to_it_perhaps(yard: Yard) -> None:
    """Nothing has changed, but CloudFormation cannot know: a create-only property makes it Conditional."""
    resources = {
        "Named": {**TOPIC, "Properties": {"TopicName": {"Fn::Join": ["-", ["yard", {"Fn::Select": [0, LIST]}]]}}},
        "Valued": _parameter({"Ref": "Names"}),
        "Apart": TOPIC,
    }
    tree = _tree(yard, resources, FROM_SIBLING)
    stack = yard.create("unknown", tree)
    root = yard.propose(stack, {**tree, "More": TOPIC}, kind="UPDATE")
    changes = yard.proposal(root["Changes"]["Child"]["ChangeSetId"])["Changes"]
    assert {name: one["Replacement"] for name, one in changes.items()} == {"Named": "Conditional", "Valued": "False"}
    assert {detail["Evaluation"] for one in changes.values() for detail in one["Details"]} == {"Dynamic"}
    yard.delete(stack)


def test_a_certain_change_stays_certain(yard: Yard) -> None:
    """What the template itself changes is a replacement, whatever is unknown beside it."""
    tree = _tree(yard, {"Named": {**TOPIC, "Properties": {"TopicName": "yard-old"}}}, FROM_SIBLING)
    stack = yard.create("certain", tree)
    named = {"Named": {**TOPIC, "Properties": {"TopicName": "yard-new", "DisplayName": {"Ref": "Names"}}}}
    root = yard.propose(stack, _tree(yard, named, FROM_SIBLING), kind="UPDATE")
    changes = yard.proposal(root["Changes"]["Child"]["ChangeSetId"])["Changes"]
    assert changes["Named"]["Replacement"] == "True"
    yard.delete(stack)
