"""A role with which a task runs."""

from collections.abc import Sequence
from typing import Any

from awacs.aws import Statement
from troposphere import GetAtt
from troposphere.iam import Policy, Role

from compiler.model.stack import StackBuilder
from compiler.resources.policies import document, trust_tasks


def add_task_role(
    stack: StackBuilder, name: str, description: str, *statements: Statement, managed: Sequence[str] = ()
) -> GetAtt:
    """Add a role of tasks that may do what `statements` and the policies `managed` allow, and return its ARN."""
    policy = Policy(PolicyName=name, PolicyDocument=document(*statements))
    policies: dict[str, Any] = {"ManagedPolicyArns": list(managed)} if managed else {}
    role = Role(name, Description=description, AssumeRolePolicyDocument=trust_tasks(), Policies=[policy], **policies)
    return GetAtt(stack.add(role, description), "Arn")
