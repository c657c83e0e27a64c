"""The promises of rehearsal/emulator/patches/drift_aware_change_sets.py, in an emulator."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
REVERT: dict[str, Any] = {"kind": "UPDATE", "DeploymentMode": "REVERT_DRIFT"}
GROUP: dict[str, Any] = {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 7}}
SECRET: dict[str, Any] = {"Type": "AWS::SecretsManager::Secret", "Properties": {"GenerateSecretString": {}}}
TOPIC: dict[str, Any] = {"Type": "AWS::SNS::Topic"}


def physical(yard: Yard, stack: str, logical_id: str) -> str:
    """Return the id of a resource, as CloudFormation knows it."""
    found = yard.client("cloudformation").describe_stack_resource(StackName=stack, LogicalResourceId=logical_id)
    return str(found["StackResourceDetail"]["PhysicalResourceId"])


def execute(yard: Yard, change_set: dict[str, Any]) -> str:
    """Execute a change set; the status in which the stack ends."""
    yard.client("cloudformation").execute_change_set(ChangeSetName=change_set["ChangeSetId"])
    return yard.settled(change_set["StackId"])


def test_what_is_gone_is_made_again_under_the_same_template(yard: Yard) -> None:
    """The change set adds it, also in a nested stack; what another stack has of it follows."""
    child = yard.nested("gone.json", {"Secret": SECRET, "Group": GROUP}, {"Arn": {"Ref": "Secret"}})
    given = {"Arn": {"Fn::GetAtt": ["Child", "Outputs.Arn"]}}
    other = yard.nested("told.json", {"Topic": TOPIC}, {"Arn": {"Ref": "Arn"}}, given)
    stack = yard.create("reverting", {"Child": child, "Other": other})
    nested = physical(yard, stack, "Child")
    secret, group = physical(yard, nested, "Secret"), physical(yard, nested, "Group")
    yard.client("secretsmanager").delete_secret(SecretId=secret, ForceDeleteWithoutRecovery=True)
    yard.client("logs").delete_log_group(logGroupName=group)

    plain = yard.propose(stack, {"Child": child, "Other": other}, kind="UPDATE")
    root = yard.propose(stack, {"Child": child, "Other": other}, **REVERT)
    own = yard.proposal(root["Changes"]["Child"]["ChangeSetId"])
    assert plain["StatusReason"].startswith("The submitted information didn't contain changes")
    assert (root["Status"], root["DeploymentMode"], own["StackDriftStatus"]) == (
        "CREATE_COMPLETE",
        "REVERT_DRIFT",
        "DRIFTED",
    )
    assert {name: (one["Action"], one["ResourceDriftStatus"]) for name, one in own["Changes"].items()} == {
        "Secret": ("Add", "DELETED"),
        "Group": ("Add", "DELETED"),
    }
    assert execute(yard, root) == "UPDATE_COMPLETE"
    made = physical(yard, nested, "Secret")
    assert made != secret
    assert yard.output(physical(yard, stack, "Other"), "Arn") == made
    assert yard.client("secretsmanager").describe_secret(SecretId=made)["ARN"] == made
    (there,) = yard.client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert there["retentionInDays"] == 7
    yard.delete(stack)


def test_what_somebody_changed_is_taken_back(yard: Yard) -> None:
    """The change set names the property; the template alone would leave it."""
    stack = yard.create("changed", {"Group": GROUP})
    group = physical(yard, stack, "Group")
    yard.client("logs").put_retention_policy(logGroupName=group, retentionInDays=1)
    change_set = yard.propose(stack, {"Group": GROUP}, **REVERT)
    change = change_set["Changes"]["Group"]
    assert (change["Action"], change["ResourceDriftStatus"], change["Replacement"]) == ("Modify", "MODIFIED", "False")
    assert [one["Target"]["Name"] for one in change["Details"]] == ["RetentionInDays"]
    assert execute(yard, change_set) == "UPDATE_COMPLETE"
    (there,) = yard.client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert there["retentionInDays"] == 7
    yard.delete(stack)


def test_nothing_is_to_be_done_where_nothing_has_drifted(yard: Yard) -> None:
    """As for any change set without a change; a mode that there is not is refused."""
    stack = yard.create("same", {"Child": yard.nested("same.json", {"Group": GROUP})})
    child = yard.nested("same.json", {"Group": GROUP})
    change_set = yard.propose(stack, {"Child": child}, **REVERT)
    assert change_set["Status"] == "FAILED"
    assert change_set["StatusReason"].startswith("The submitted information didn't contain changes")
    with pytest.raises(ClientError, match="deploymentMode"):
        yard.propose(stack, {"Child": child}, kind="UPDATE", DeploymentMode="KEEP_DRIFT")
    yard.delete(stack)


def test_what_refers_to_a_resource_that_is_made_again_may_change_too(yard: Yard) -> None:
    """Its new id is not known before it is there."""
    parameter = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": {"Ref": "Secret"}}}
    resources = {"Secret": SECRET, "Parameter": parameter}
    stack = yard.create("referring", resources)
    secret = physical(yard, stack, "Secret")
    yard.client("secretsmanager").delete_secret(SecretId=secret, ForceDeleteWithoutRecovery=True)
    change_set = yard.propose(stack, resources, **REVERT)
    detail = change_set["Changes"]["Parameter"]["Details"][0]
    assert (detail["Evaluation"], detail["CausingEntity"], detail["Target"]["Name"]) == ("Dynamic", "Secret", "Value")
    assert execute(yard, change_set) == "UPDATE_COMPLETE"
    value = yard.client("ssm").get_parameter(Name=physical(yard, stack, "Parameter"))["Parameter"]["Value"]
    assert value == physical(yard, stack, "Secret") != secret
    yard.delete(stack)
