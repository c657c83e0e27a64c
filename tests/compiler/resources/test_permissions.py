"""Promises of what tasks may do: narrow resources, and no more than a task needs."""

from compiler.model import stack_values as values
from compiler.resources.permissions import mount, open_shell, pull, write_logs


def test_a_mount_names_its_access_points() -> None:
    """The permission holds for these access points alone, and includes writing only on request."""
    reading = mount("web", [values.DAGS_ACCESS_POINT], write=False)
    assert reading.actions == ("elasticfilesystem:ClientMount",)
    points = reading.conditions["StringEquals"]["elasticfilesystem:AccessPointArn"]
    assert [point.rpartition("/")[2] for point in points] == ["${DagsAccessPoint}"]
    writing = mount("web", [values.DAGS_ACCESS_POINT], write=True)
    assert writing.actions == ("elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite")


def test_the_right_to_write_lines_covers_the_streams_of_a_group() -> None:
    """The ARN of a log group with `:*` stands for its streams, where the lines go."""
    (resource,) = write_logs("ecs", [values.log_group_of("scheduler")]).resources
    assert resource.endswith(":log-group:${SchedulerLogGroup}:*")


def test_a_permission_names_its_source() -> None:
    """Each row of the table says who may do it."""
    assert {row.source for row in pull("ecs")} == {"ecs"}
    assert open_shell("web").source == "web"
