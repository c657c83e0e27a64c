"""The promises of rehearsal/emulator/iam/state.py, in an emulator: what refusals name is what there is."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.emulator.iam.roles import add_role, allow, client
from tests.rehearsal.yard import ACCOUNT, REGION, Yard

pytestmark = pytest.mark.rehearsal


def resource(call: Callable[..., Any], **parameters: Any) -> str:
    """Return the ARN on which a call was refused."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return str(caught.value).partition(" on resource: ")[2].split()[0]


def test_names_are_completed_as_aws_does(yard: Yard) -> None:
    """A stack with its id, a family with its newest revision, a role with its path, a secret with its suffix."""
    nobody = add_role(yard, "nobody", Path="/teams/data/")
    secret = yard.client("secretsmanager").create_secret(Name="full-name", SecretString="x")["ARN"]
    stack = yard.client("cloudformation").describe_stacks(StackName="yard")["Stacks"][0]["StackId"]
    once = yard.outputs["Once"]
    family = once.rpartition("/")[2].partition(":")[0]

    def ask(service: str) -> Any:
        return client(yard, service, nobody)

    assert resource(ask("secretsmanager").get_secret_value, SecretId="full-name") == secret
    assert resource(ask("cloudformation").describe_stack_events, StackName="yard") == stack
    assert resource(ask("ecs").run_task, taskDefinition=family, cluster="any") == once
    assert resource(ask("iam").get_role, RoleName="nobody") == f"arn:aws:iam::{ACCOUNT}:role/teams/data/nobody"


def test_what_there_is_not_has_the_name_that_was_given(yard: Yard) -> None:
    """With any id, since nobody knows it."""
    nobody = add_role(yard, "no-one")
    where = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/never-made/*"
    assert resource(client(yard, "cloudformation", nobody).describe_stack_events, StackName="never-made") == where


def test_a_change_set_is_one_of_its_stack(yard: Yard) -> None:
    """Its own ARN is enough to name it, and policies name the stack."""
    nobody = add_role(yard, "planner")
    cloudformation = yard.client("cloudformation")
    template = (
        '{"Resources": {"Parameter": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "x"}}}}'
    )
    made = cloudformation.create_change_set(
        StackName="planned", ChangeSetName="first", ChangeSetType="CREATE", TemplateBody=template
    )
    ask = client(yard, "cloudformation", nobody)
    assert resource(ask.describe_change_set, ChangeSetName=made["Id"]) == made["StackId"]
    cloudformation.delete_stack(StackName="planned")


def test_a_log_group_has_the_tags_of_its_stack(yard: Yard) -> None:
    """What deletes an expired environment may delete what bears its tag, and nothing else."""
    group = {"Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "tagged"}}}
    stack = yard.create("tagged-group", group, Tags=[{"Key": "team", "Value": "data"}])
    yard.client("logs").create_log_group(logGroupName="untagged")
    own = allow("logs:DeleteLogGroup", StringEquals={"aws:ResourceTag/team": "data"})
    logs = client(yard, "logs", add_role(yard, "sweeper-of-log-groups", own))
    with pytest.raises(ClientError, match="not authorized"):
        logs.delete_log_group(logGroupName="untagged")
    logs.delete_log_group(logGroupName="tagged")
    yard.client("logs").delete_log_group(logGroupName="untagged")
    yard.delete(stack)


def test_a_nested_stack_has_the_tags_of_the_stack_above(yard: Yard) -> None:
    """CloudFormation hands them down."""
    own = allow("cloudformation:DescribeStackEvents", StringEquals={"aws:ResourceTag/team": "data"})
    template = '{"Resources": {"Group": {"Type": "AWS::Logs::LogGroup", "Properties": {}}}}'
    yard.client("s3").put_object(Bucket="templates", Key="tagged-inner.json", Body=template.encode())
    inner = {"TemplateURL": f"https://s3.{REGION}.amazonaws.com/templates/tagged-inner.json"}
    nested = {"Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": inner}}
    stack = yard.create("above", nested, Tags=[{"Key": "team", "Value": "data"}], outputs={"Inner": {"Ref": "Inner"}})
    cloudformation = client(yard, "cloudformation", add_role(yard, "reader-of-nested-stacks", own))
    assert cloudformation.describe_stack_events(StackName=yard.output(stack, "Inner"))["StackEvents"]
    with pytest.raises(ClientError, match="not authorized"):
        cloudformation.describe_stack_events(StackName="yard")
    yard.delete(stack)
