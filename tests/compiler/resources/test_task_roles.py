"""Promises of task roles: tasks of this account alone take them on."""

from troposphere import Template

from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder
from compiler.resources.task_roles import add_task_role


def test_a_role_has_one_policy_and_the_managed_ones() -> None:
    """Without managed policies the property is left out."""
    stack = StackBuilder(name="platform", template=Template())
    read = [
        Permission(source="sync", sid="Read", actions=("s3:GetObject",), resources=("arn:aws:s3:::code/*",), why="code")
    ]
    arn = add_task_role(stack, "Plain", "Reads", read)
    add_task_role(stack, "Managed", "Reads more", read, managed=("arn:aws:iam::aws:policy/ReadOnlyAccess",))
    plain, managed = (stack.template.to_dict()["Resources"][name]["Properties"] for name in ("Plain", "Managed"))
    assert arn.to_dict() == {"Fn::GetAtt": ["Plain", "Arn"]}
    assert [policy["PolicyName"] for policy in plain["Policies"]] == ["Plain"]
    assert "ManagedPolicyArns" not in plain
    assert managed["ManagedPolicyArns"] == ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
    (trust,) = plain["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
