"""Lets the lines of tasks come out of the scheduler with the names of their task, as from Airflow 3.2 on."""

from __future__ import annotations

from typing import Any

from airflow.executors.local_executor import LocalExecutor as AirflowLocalExecutor
from airflow.sdk.execution_time import supervisor

from ..json_log import TASK_FIELDS

_supervise = supervisor.supervise


class LocalExecutor(AirflowLocalExecutor):
    """Airflow's own, whose workers repeat what their task writes."""

    def start(self) -> None:
        """Start the executor; its workers are forks, and look the function up for each task."""
        supervisor.supervise = supervise_aloud
        super().start()


def supervise_aloud(*, ti: Any, **more: Any) -> Any:
    """Run a task as Airflow does, and repeat its lines in the log of the worker, which runs one at a time."""
    names = {name: getattr(ti, name) for name in TASK_FIELDS}
    supervisor.log = supervisor.log.bind(**names, ti_id=str(ti.id))
    return _supervise(ti=ti, **{**more, "subprocess_logs_to_stdout": True})
