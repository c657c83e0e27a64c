"""Promises of the parts of an environment: each process has its role, and every container that logs has a log group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.contract import PerProcess
from compiler.environment_parts import log_names, process_role
from compiler.model import stack_values as values

if TYPE_CHECKING:
    from tests.compiler.conftest import Case


def test_a_process_that_only_reads_has_the_reading_role(largest: Case) -> None:
    """The webserver only shows task logs; schedulers and triggerers write them."""
    roles = {process.name: process_role(largest.env, process) for process in largest.env.processes}
    assert roles["webserver"] == values.READER_ROLE
    assert roles["scheduler"] == roles["triggerer"] == values.TASK_ROLE


def test_a_scheduler_with_workers_has_a_role_of_its_own(workers: Case) -> None:
    """No other role starts workers."""
    roles = [process_role(workers.env, process) for process in workers.env.processes]
    assert roles.count(values.SCHEDULER_ROLE) == 1


def test_every_log_stream_has_its_group(case: Case) -> None:
    """No container writes to a group that no stack makes, and no group stays empty."""
    written = {
        container["LogConfiguration"]["Options"]["awslogs-group"]["Ref"]
        for definition in case.resources("AWS::ECS::TaskDefinition").values()
        for container in definition["Properties"]["ContainerDefinitions"]
    }
    assert written == {PerProcess.LOG_GROUP.of(name) for name in log_names(case.env)}
