"""Enhanced monitoring of an RDS instance: the role with which RDS writes what its operating system measures."""

from collections.abc import Iterator
from typing import Any

from troposphere import GetAtt
from troposphere.iam import Policy, Role

from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder
from compiler.resources.policies import HERE, document, statement, trust_monitoring

MONITORING = "rds-monitoring"
"""The source of what RDS writes itself."""
DESCRIPTION = "What RDS may do to write what it measures on the database"

_GROUP = f"arn:${{AWS::Partition}}:logs:{HERE}:log-group:RDSOSMetrics"
"""The one log group of an account and region for this, which RDS makes and names itself."""


def monitoring_permissions() -> Iterator[Permission]:
    """Yield what RDS needs. Source: AmazonRDSEnhancedMonitoringRole, AWS Managed Policy Reference,
    https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonRDSEnhancedMonitoringRole.html.
    """
    actions = {
        "MakeMonitoringGroup": (("logs:CreateLogGroup", "logs:PutRetentionPolicy"), _GROUP),
        "WriteMonitoring": (
            ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:GetLogEvents", "logs:PutLogEvents"),
            f"{_GROUP}:log-stream:*",
        ),
    }
    for sid, (allowed, resource) in actions.items():
        yield Permission(
            source=MONITORING, sid=sid, actions=allowed, resources=(resource,), why="metrics of the database's system"
        )


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
