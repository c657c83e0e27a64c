"""Roles with one policy of their own, such as those with which tasks run."""

from collections.abc import Iterable, Sequence
from typing import Any

from troposphere import GetAtt
from troposphere.iam import Policy, Role

from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder
from compiler.resources.policies import document, statement, trust_tasks


def add_role(
    stack: StackBuilder,
    name: str,
    description: str,
    trust: dict[str, Any],
    permissions: Iterable[Permission],
    *,
    managed: Sequence[str] = (),
) -> GetAtt:
    """Add a role for whom `trust` names, with `permissions` and the policies `managed`, and return its ARN."""
    statements = [statement(stack, permission) for permission in permissions]
    policy = Policy(PolicyName=name, PolicyDocument=document(*statements))
    policies: dict[str, Any] = {"ManagedPolicyArns": list(managed)} if managed else {}
    role = Role(name, Description=description, AssumeRolePolicyDocument=trust, Policies=[policy], **policies)
    return GetAtt(stack.add(role, description), "Arn")


def add_task_role(
    stack: StackBuilder, name: str, description: str, permissions: Iterable[Permission], managed: Sequence[str] = ()
) -> GetAtt:
    """Add a role of tasks that may do what `permissions` and the policies `managed` allow, and return its ARN."""
    return add_role(stack, name, description, trust_tasks(), permissions, managed=managed)
