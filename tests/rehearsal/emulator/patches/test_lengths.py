"""The promises of rehearsal/emulator/patches/lengths.py, in an emulator."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.emulator.iam.roles import add_role, allow, document
from tests.rehearsal.emulator.patches.test_listener_rules import listener_rule
from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
LONG = document(*(allow("s3:GetObject", on=f"arn:aws:s3:::bucket/{number}") for number in range(80)))


def test_callers_hear_that_a_task_definition_is_too_large(yard: Yard) -> None:
    """ECS takes 64 KiB of JSON."""
    container = {"name": "one", "image": "i", "environment": [{"name": "WORDS", "value": "w" * 65536}]}
    with pytest.raises(ClientError, match="Max allowed length is '65536' bytes"):
        yard.client("ecs").register_task_definition(family="large", containerDefinitions=[container])


def test_inline_policies_of_a_role_are_counted_together(yard: Yard) -> None:
    """The second one is over the limit, and is not there afterwards."""
    iam = yard.client("iam")
    add_role(yard, "wordy")
    iam.put_role_policy(RoleName="wordy", PolicyName="first", PolicyDocument=LONG)
    with pytest.raises(ClientError, match="LimitExceeded.*Maximum policy size of 10240 bytes"):  # noqa: RUF043  a pattern
        iam.put_role_policy(RoleName="wordy", PolicyName="second", PolicyDocument=LONG)
    assert iam.list_role_policies(RoleName="wordy")["PolicyNames"] == ["first"]


def test_a_role_has_no_more_than_ten_managed_policies(yard: Yard) -> None:
    """The default quota of an account."""
    iam = yard.client("iam")
    add_role(yard, "attached")
    for number in range(11):
        made = iam.create_policy(PolicyName=f"of-many-{number}", PolicyDocument=document(allow("s3:GetObject")))
        attach = {"RoleName": "attached", "PolicyArn": made["Policy"]["Arn"]}
        if number < 10:
            iam.attach_role_policy(**attach)
    with pytest.raises(ClientError, match="PoliciesPerRole: 10"):
        iam.attach_role_policy(**attach)


def test_a_managed_policy_has_no_more_than_6144_characters(yard: Yard) -> None:
    """White space does not count."""
    with pytest.raises(ClientError, match="PolicySize: 6144"):
        yard.client("iam").create_policy(PolicyName="wordy", PolicyDocument=LONG)


def test_a_standard_parameter_has_no_more_than_4096_characters(yard: Yard) -> None:
    """An advanced one has twice as many."""
    ssm = yard.client("ssm")
    with pytest.raises(ClientError, match="4096 characters"):
        ssm.put_parameter(Name="/long", Value="v" * 4097, Type="String")
    ssm.put_parameter(Name="/long", Value="v" * 4097, Type="String", Tier="Advanced")
    ssm.delete_parameter(Name="/long")


def test_a_fixed_response_has_no_more_than_1024_characters(yard: Yard) -> None:
    """From CloudFormation, and from who changes a rule that is there."""
    long = yard.create("wordy-rule", {"Rule": listener_rule(yard, 62, "one.example.org", "w" * 1025)})
    assert yard.status(long) == "ROLLBACK_COMPLETE"
    yard.delete(long)
    rule = listener_rule(yard, 62, "one.example.org", "w" * 1024)
    stack = yard.create("terse-rule", {"Rule": rule}, outputs={"Arn": {"Ref": "Rule"}})
    answer = rule["Properties"]["Actions"][0]
    answer["FixedResponseConfig"]["MessageBody"] += "w"
    with pytest.raises(ClientError, match="ValidationError.*messageBody"):  # noqa: RUF043  a pattern
        yard.client("elbv2").modify_rule(RuleArn=yard.output(stack, "Arn"), Actions=[answer])
    yard.delete(stack)


def test_a_name_that_is_longer_than_the_model_allows_is_refused(yard: Yard) -> None:
    """For every API that has a model."""
    with pytest.raises(ClientError, match="ValidationError.*'roleName' failed to satisfy"):  # noqa: RUF043  a pattern
        yard.client("iam").create_role(RoleName="r" * 65, AssumeRolePolicyDocument=document())
    with pytest.raises(ClientError, match="ValidationException.*'name' failed to satisfy"):  # noqa: RUF043  a pattern
        yard.client("secretsmanager").create_secret(Name="n" * 513)


def test_cloudformation_hears_it_too(yard: Yard) -> None:
    """When it creates, and when it updates; the stack rolls back."""
    role = {"AssumeRolePolicyDocument": json.loads(document()), "Policies": []}
    small = {"Role": {"Type": "AWS::IAM::Role", "Properties": role}}
    policy = {"PolicyName": "long", "PolicyDocument": json.loads(LONG)}
    twice = [policy, {**policy, "PolicyName": "longer"}]
    large = {"Role": {"Type": "AWS::IAM::Role", "Properties": {**role, "Policies": twice}}}
    created = yard.create("wordy", large)
    assert yard.status(created) == "ROLLBACK_COMPLETE"
    assert any("Maximum policy size of 10240" in reason for _, _, reason in yard.events(created))
    yard.delete(created)
    stack = yard.create("less-wordy", small)
    assert yard.update(stack, large) == "UPDATE_ROLLBACK_COMPLETE"
    yard.delete(stack)
