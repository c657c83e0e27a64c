"""RDS may write what it measures, and the compiler asks for nothing where it measures nothing."""

from troposphere import Template

from compiler.databases.monitoring import add_monitoring
from compiler.model.stack import StackBuilder
from compiler.resources.permissions import MONITORING, monitoring_permissions


def test_without_seconds_there_is_neither_role_nor_property() -> None:
    """Monitoring costs money."""
    stack = StackBuilder(name="database", template=Template())
    assert add_monitoring(stack, 0) == {}
    assert stack.template.resources == {}


def test_the_role_has_the_permissions_of_the_table() -> None:
    """Each is a statement, and none is for another source."""
    stack = StackBuilder(name="database", template=Template())
    assert add_monitoring(stack, 30)["MonitoringInterval"] == 30
    (policy,) = stack.template.resources["MonitoringRole"].properties["Policies"]
    statements = policy.properties["PolicyDocument"]["Statement"]
    sids = [statement.properties["Sid"] for statement in statements]
    assert sids == [permission.sid for permission in monitoring_permissions()]
    assert {permission.source for permission in monitoring_permissions()} == {MONITORING}
