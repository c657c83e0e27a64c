"""What people notice of a change."""

import pytest

from deployer.differences.consequences import OVERLAPPING, RESTART, STOPPED_FIRST, interruption

SERVICE = "AWS::ECS::Service"


@pytest.mark.parametrize(("healthy", "expected"), [(0, STOPPED_FIRST), (100, OVERLAPPING), (None, OVERLAPPING)])
def test_a_service_that_keeps_no_task_stops_first(healthy: int | None, expected: str) -> None:
    """One scheduler must not run beside another; a web server may."""
    properties = {"DeploymentConfiguration": {"MinimumHealthyPercent": healthy}}
    assert interruption(SERVICE, properties, ["TaskDefinition"]) == expected


def test_a_count_starts_nothing_anew() -> None:
    """Only some properties of a service make ECS deploy it."""
    assert interruption(SERVICE, {}, ["DesiredCount"]) == ""


@pytest.mark.parametrize(
    ("path", "expected"), [("DBInstanceClass", RESTART), ("AllocatedStorage", ""), ("Tags[a]", "")]
)
def test_a_database_restarts_for_some_changes(path: str, expected: str) -> None:
    """Storage grows while it runs."""
    assert interruption("AWS::RDS::DBInstance", {}, [path]) == expected
