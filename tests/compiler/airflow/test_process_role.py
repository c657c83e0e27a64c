"""Promises of the roles of processes: who writes task logs may write, and the scheduler alone starts workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.airflow.process_role import process_role
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
