"""The promises of rehearsal/emulator/patches/nested_change_sets.py, in an emulator."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
TOPIC: dict[str, Any] = {"Type": "AWS::SNS::Topic"}


def test_each_nested_stack_has_a_change_set(yard: Yard) -> None:
    """Its parent and root are named, its stack is under review, and a deletion of the root takes all away."""
    root = yard.propose("tree", {"Child": yard.nested("tree.json", {"Topic": TOPIC})})
    child = root["Changes"]["Child"]
    assert (root["Status"], child["Action"], root["IncludeNestedStacks"]) == ("CREATE_COMPLETE", "Add", True)
    nested = yard.proposal(child["ChangeSetId"])
    assert (nested["ParentChangeSetId"], nested["RootChangeSetId"]) == (root["ChangeSetId"],) * 2
    assert nested["Changes"]["Topic"]["Action"] == "Add"
    assert yard.status(nested["StackId"]) == "REVIEW_IN_PROGRESS"
    yard.client("cloudformation").delete_change_set(ChangeSetName=root["ChangeSetId"])
    with pytest.raises(ClientError, match="ChangeSetNotFound"):
        yard.proposal(nested["ChangeSetId"])
    with pytest.raises(ClientError, match="does not exist"):
        yard.status(nested["StackId"])
    yard.delete(root["StackId"])


def test_a_nested_stack_of_a_nested_stack_has_one_too(yard: Yard) -> None:
    """Its parent is the change set above it, its root the first; a deletion of the root stack takes all away."""
    inner = yard.nested("inner.json", {"Topic": TOPIC})
    root = yard.propose("deep", {"Outer": yard.nested("outer.json", {"Inner": inner})})
    outer = yard.proposal(root["Changes"]["Outer"]["ChangeSetId"])
    nested = yard.proposal(outer["Changes"]["Inner"]["ChangeSetId"])
    assert (nested["ParentChangeSetId"], nested["RootChangeSetId"]) == (outer["ChangeSetId"], root["ChangeSetId"])
    yard.client("cloudformation").delete_stack(StackName="deep")
    with pytest.raises(ClientError, match="does not exist"):
        yard.status(nested["StackId"])


def test_a_change_set_of_one_stack_says_nothing_of_nested_ones(yard: Yard) -> None:
    """That is the default: the nested stack is one change, and no other change set is made."""
    child = yard.nested("alone.json", {"Topic": TOPIC})
    root = yard.propose("alone", {"Child": child}, IncludeNestedStacks=False)
    assert "ChangeSetId" not in root["Changes"]["Child"]
    yard.delete(root["StackId"])


def test_only_the_root_is_executed_or_deleted(yard: Yard) -> None:
    """CloudFormation refuses both for a nested change set."""
    root = yard.propose("rooted", {"Child": yard.nested("rooted.json", {"Topic": TOPIC})})
    nested = root["Changes"]["Child"]["ChangeSetId"]
    client = yard.client("cloudformation")
    with pytest.raises(ClientError, match="InvalidChangeSetStatus"):
        client.execute_change_set(ChangeSetName=nested)
    with pytest.raises(ClientError, match="InvalidChangeSetStatus"):
        client.delete_change_set(ChangeSetName=nested)
    yard.delete(root["StackId"])


def test_an_executed_tree_leaves_nothing_under_review(yard: Yard) -> None:
    """Every nested stack is created once; the same again is no change, in the well-known words."""
    child = {"Child": yard.nested("executed.json", {"Topic": TOPIC})}
    root = yard.propose("executed", child)
    yard.client("cloudformation").execute_change_set(ChangeSetName=root["ChangeSetId"])
    assert yard.settled("executed") == "CREATE_COMPLETE"
    stacks = yard.client("cloudformation").describe_stacks()["Stacks"]
    named = [one["StackStatus"] for one in stacks if one["StackName"].startswith("executed-Child-")]
    assert named == ["CREATE_COMPLETE"]
    same = yard.propose("executed", child, kind="UPDATE")
    assert same["Status"] == "FAILED"
    assert same["StatusReason"].startswith("The submitted information didn't contain changes")
    yard.delete(root["StackId"])


def test_what_an_abandoned_change_set_left_goes_with_the_execution_of_another(yard: Yard) -> None:
    """A deploy that was killed before the execution leaves nothing under review for good."""
    child = {"Child": yard.nested("abandoned.json", {"Topic": TOPIC})}
    yard.propose("abandoned", child)
    root = yard.propose("abandoned", child)
    yard.client("cloudformation").execute_change_set(ChangeSetName=root["ChangeSetId"])
    assert yard.settled("abandoned") == "CREATE_COMPLETE"
    stacks = yard.client("cloudformation").describe_stacks()["Stacks"]
    named = [one["StackStatus"] for one in stacks if one["StackName"].startswith("abandoned-Child-")]
    assert named == ["CREATE_COMPLETE"]
    yard.delete(root["StackId"])


def test_an_unchanged_sibling_is_listed_with_an_empty_change_set(yard: Yard) -> None:
    """Its template might have changed, says CloudFormation; its own change set says that nothing did."""
    children = {name: yard.nested(f"{name}.json", {"Topic": TOPIC}) for name in ("Same", "Other")}
    stack = yard.create("siblings", children)
    two = {"Topic": TOPIC, "Second": TOPIC}
    root = yard.propose(stack, {**children, "Other": yard.nested("two.json", two)}, kind="UPDATE")
    same = root["Changes"]["Same"]
    assert (same["Action"], same["Details"][0]["ChangeSource"]) == ("Modify", "Automatic")
    assert yard.proposal(same["ChangeSetId"])["StatusReason"].startswith("The submitted information didn't contain")
    assert list(yard.proposal(root["Changes"]["Other"]["ChangeSetId"])["Changes"]) == ["Second"]
    yard.delete(stack)


def test_a_child_that_fails_fails_the_root(yard: Yard) -> None:
    """The root names the nested change set; only that says the reason."""
    child = yard.nested("missing.json", {"Topic": TOPIC})
    child["Properties"]["Parameters"] = {"Unasked": "1"}
    root = yard.propose("missing", {"Child": child})
    nested = yard.proposal(root["Changes"]["Child"]["ChangeSetId"])
    assert (root["Status"], nested["Status"]) == ("FAILED", "FAILED")
    assert nested["StatusReason"] == "Parameters: [Unasked] do not exist in the template"
    arn = nested["ChangeSetId"]
    assert root["StatusReason"] == f"Nested change set {arn} was not successfully created: Currently in FAILED."
    yard.delete(root["StackId"])
