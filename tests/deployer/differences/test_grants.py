"""What policies give is compared action by action."""

from collections.abc import Mapping

from compiler.model.stack_graph import StackGraph
from deployer.differences.difference import Grant
from deployer.differences.grants import grants, less
from tests.deployer.differences.sets import small

ALLOW = {"Effect": "Allow", "Action": ["s3:Get", "s3:Put"], "Resource": "*"}


def _role(*statements: Mapping[str, object], managed: tuple[str, ...] = ()) -> dict[str, object]:
    policies = [{"PolicyName": "P", "PolicyDocument": {"Statement": list(statements)}}]
    return {"Type": "AWS::IAM::Role", "Properties": {"Policies": policies, "ManagedPolicyArns": [*managed]}}


def _grants(**resources: dict[str, object]) -> tuple[Grant, ...]:
    return grants(StackGraph.of(small(**resources)))


def test_a_role_has_a_right_for_each_action_and_resource() -> None:
    """So that one more action of many shows alone."""
    before, after = _grants(R=_role({**ALLOW, "Action": "s3:Get"})), _grants(R=_role(ALLOW))
    assert less(after, before) == (Grant(who="Things/R", effect="Allow", actions=("s3:Put",), resource="*"),)
    assert less(before, after) == ()


def test_another_condition_is_another_right() -> None:
    """One that goes widens it."""
    narrow = _role({**ALLOW, "Condition": {"Bool": {"x": "true"}}})
    gained = less(_grants(R=_role(ALLOW)), _grants(R=narrow))
    assert gained == (Grant(who="Things/R", effect="Allow", actions=("s3:Get", "s3:Put"), resource="*"),)


def test_a_managed_policy_is_named() -> None:
    """What it allows is not in the template."""
    (found,) = less(_grants(R=_role(managed=("arn:x",))), ())
    assert (found.actions, found.resource) == (("all actions",), "of the policy arn:x")


def test_the_policy_of_a_resource_names_whom_it_lets_in() -> None:
    """A bucket's, and the trust of a role; a statement may leave actions out instead of naming them."""
    document = {"Statement": {"Effect": "Deny", "Principal": "*", "NotAction": "s3:Get", "Resource": "*"}}
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": ["ecs", "ec2"]}, "Action": "sts:AssumeRole"}]}
    found = _grants(
        B={"Type": "AWS::S3::BucketPolicy", "Properties": {"PolicyDocument": document}},
        R={"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}},
    )
    assert {(right.who, right.effect, right.actions[0], right.resource) for right in found} == {
        ("*", "Deny", "all actions but s3:Get", "Things/B"),
        ("ecs", "Allow", "sts:AssumeRole", "Things/R"),
        ("ec2", "Allow", "sts:AssumeRole", "Things/R"),
    }
