"""Enhanced monitoring of an RDS instance: the role with which RDS writes what its operating system measures."""

from typing import Any

from troposphere import GetAtt
from troposphere.iam import Policy, Role

from compiler.model.stack import StackBuilder
from compiler.resources.permissions import monitoring_permissions
from compiler.resources.policies import document, statement, trust_monitoring

DESCRIPTION = "What RDS may do to write what it measures on the database"


def add_monitoring(stack: StackBuilder, seconds: int) -> dict[str, Any]:
    """Add the role, and return the properties of an instance that is measured every so many seconds; none for 0."""
    if not seconds:
        return {}
    statements = [statement(stack, permission) for permission in monitoring_permissions()]
    role = stack.add(
        Role(
            "MonitoringRole",
            Description=DESCRIPTION,
            AssumeRolePolicyDocument=trust_monitoring(),
            Policies=[Policy(PolicyName="MonitoringRole", PolicyDocument=document(*statements))],
        ),
        DESCRIPTION,
    )
    return {"MonitoringInterval": seconds, "MonitoringRoleArn": GetAtt(role, "Arn")}
