"""Promises of the log groups: every container that writes log lines has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.airflow.log_groups import log_names
from compiler.contract import PerProcess

if TYPE_CHECKING:
    from tests.compiler.conftest import Case


def test_every_log_stream_has_its_group(case: Case) -> None:
    """No container writes to a group that no stack makes, and no group stays empty."""
    written = {
        container["LogConfiguration"]["Options"]["awslogs-group"]["Ref"]
        for definition in case.resources("AWS::ECS::TaskDefinition").values()
        for container in definition["Properties"]["ContainerDefinitions"]
    }
    assert written == {PerProcess.LOG_GROUP.of(name) for name in log_names(case.env)}
