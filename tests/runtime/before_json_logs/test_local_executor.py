"""Tests that lines of tasks come out of the scheduler on releases whose own executor keeps them to the task's log."""

import json

import pytest

from spec.releases.table import Release
from tests.runtime.conftest import Home

RUNS_A_TASK = """
import airflow, airflow.settings
from types import SimpleNamespace
from airflow.executors.executor_loader import ExecutorLoader
from airflow.executors.local_executor import LocalExecutor
from airflow.sdk.execution_time import supervisor
from windsock_runtime.before_json_logs import local_executor

def supervise(*, ti, **more):
    supervisor.log.info("said by the task", more=sorted(more), aloud=more["subprocess_logs_to_stdout"])

local_executor._supervise = supervise
LocalExecutor.start = lambda self: None
executor = ExecutorLoader.get_default_executor()
executor.start()
ti = dict(dag_id="tutorial", task_id="sleep", run_id="manual__1", map_index=-1, try_number=2, id="an id")
supervisor.supervise(ti=SimpleNamespace(**ti), log_path="a path", subprocess_logs_to_stdout=False)
supervisor.supervise(ti=SimpleNamespace(**{**ti, "task_id": "next"}), log_path="a path")
"""

pytestmark = pytest.mark.airflow


def test_lines_of_a_task_are_repeated_with_its_names(release: Release, home: Home) -> None:
    """In the log of the scheduler, whose workers run one task after the other."""
    executor = str(release.config["core"]["executor"])
    if not executor.startswith("windsock_runtime."):
        pytest.skip("this release repeats them by itself")
    more = {"AIRFLOW__CORE__EXECUTOR": executor}
    lines = [json.loads(line) for line in home.run(RUNS_A_TASK, more)]
    said = [line for line in lines if line["event"] == "said by the task"]
    assert [line["task_id"] for line in said] == ["sleep", "next"]
    assert [line["aloud"] for line in said] == [True, True]
    names = {"dag_id": "tutorial", "run_id": "manual__1", "map_index": -1, "try_number": 2, "ti_id": "an id"}
    assert [line for line in said if names.items() <= line.items()] == said
