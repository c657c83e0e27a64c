"""Enhanced monitoring of an RDS instance: the role with which RDS writes what its operating system measures."""

from typing import Any

from compiler.model.stack import StackBuilder
from compiler.resources.permissions import monitoring_permissions
from compiler.resources.policies import trust_monitoring
from compiler.resources.roles import add_role

DESCRIPTION = "What RDS may do to write what it measures on the database"


def add_monitoring(stack: StackBuilder, seconds: int) -> dict[str, Any]:
    """Add the role, and return the properties of an instance that is measured every so many seconds; none for 0."""
    if not seconds:
        return {}
    role = add_role(stack, "MonitoringRole", DESCRIPTION, trust_monitoring(), monitoring_permissions())
    return {"MonitoringInterval": seconds, "MonitoringRoleArn": role}
