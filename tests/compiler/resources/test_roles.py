"""A role is for whom its trust names: tasks of this account alone take theirs on."""

from troposphere import Template

from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder
from compiler.resources.policies import trust_backup
from compiler.resources.roles import add_role, add_task_role


def test_a_role_trusts_whom_it_is_for_and_says_what_it_is_for() -> None:
    """Its description is that of the resource too."""
    stack = StackBuilder(name="backup", template=Template())
    read = Permission(source="backup", sid="Look", actions=("rds:DescribeDBInstances",), resources=("*",), why="copies")
    arn = add_role(stack, "BackupRole", "Looks at databases", trust_backup(), [read])
    role = stack.template.to_dict()["Resources"]["BackupRole"]
    assert arn.to_dict() == {"Fn::GetAtt": ["BackupRole", "Arn"]}
    assert role["Metadata"] == {"Description": "Looks at databases"}
    assert role["Properties"]["Description"] == "Looks at databases"
    (trust,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "backup.amazonaws.com"}
    (policy,) = role["Properties"]["Policies"]
    assert [one["Sid"] for one in policy["PolicyDocument"]["Statement"]] == ["Look"]


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
