"""The promises of rehearsal/emulator/patches/review_stacks.py, in an emulator."""

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
VPC = {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.8.0.0/16"}}}


def test_a_second_change_set_keeps_the_id_of_the_stack(yard: Yard) -> None:
    """Either of them can be executed, and the stack is the one that was under review."""
    client = yard.client("cloudformation")
    first, second = yard.propose("reviewed", VPC), yard.propose("reviewed", VPC)
    assert first["StackId"] == second["StackId"]
    (stack,) = client.describe_stacks(StackName="reviewed")["Stacks"]
    assert (stack["StackId"], stack["StackStatus"]) == (first["StackId"], "REVIEW_IN_PROGRESS")
    listed = client.list_change_sets(StackName="reviewed")["Summaries"]
    assert {one["ChangeSetId"] for one in listed} == {first["ChangeSetId"], second["ChangeSetId"]}
    client.execute_change_set(ChangeSetName=second["ChangeSetId"])
    yard.settled("reviewed")
    assert yard.status(first["StackId"]) == "CREATE_COMPLETE"
    yard.delete(first["StackId"])


def test_a_change_set_that_is_refused_leaves_the_stack_under_review(yard: Yard) -> None:
    """The first change set can still be executed."""
    client = yard.client("cloudformation")
    first = yard.propose("reviewed-too", VPC)
    with pytest.raises(ClientError, match="ValidationError"):
        client.create_change_set(
            StackName="reviewed-too", ChangeSetName="second", ChangeSetType="CREATE", TemplateBody="Resources: ["
        )
    assert yard.status("reviewed-too") == "REVIEW_IN_PROGRESS"
    assert yard.proposal(first["ChangeSetId"])["Status"] == "CREATE_COMPLETE"
    client.delete_stack(StackName="reviewed-too")
