"""Tests of the ECS executor inside every Airflow release."""

import json
from typing import Any

import pytest

from spec.releases.table import Release
from tests.runtime.conftest import NO_DATABASE, Home

FETCH = 'python -m windsock_runtime.fetch_release && exec "$@"'
LOSES_WORKERS = """
import json, logging, os, sys
from airflow.executors.executor_loader import ExecutorLoader
from airflow.models.taskinstance import TaskInstanceKey
from airflow.providers.amazon.aws.executors.ecs.utils import EcsExecutorTask
executor = ExecutorLoader.get_default_executor()
ours = sys.modules[type(executor).__module__]
key = TaskInstanceKey("tutorial", "sleep", "manual__2021", 2, -1)
def end(reason, started=None, **container):
    containers = [{"name": "airflow", **container}]
    task = EcsExecutorTask("arn:aws:ecs:task/c/4711", "STOPPED", "STOPPED", containers, started, reason)
    executor.active_workers.add_task(task, key, "", [], {}, 1)
    executor.active_workers.update_task(task)
    return ours._obituary(task), executor.active_workers.failure_count_by_key(key)
told = []
executor.tell = lambda key, what: told.append(what)
asked = {"cluster": "another", "overrides": {"taskRoleArn": "another"}}
request = executor._run_task_kwargs(key, ["airflow"], "", asked)
def command():
    return executor._run_task_kwargs(key, ["airflow", "run"], "", {})["overrides"]["containerOverrides"][0]["command"]
plain = command()
os.environ[ours.BUCKET_VARIABLE] = "code"
fetching = command()
del os.environ[ours.BUCKET_VARIABLE]
os.environ["WINDSOCK_RELEASES_FOLDER"] = "/opt/airflow/releases"
print(json.dumps({
    "borrowed": ["another" in str(request), told],
    "commands": [plain, fetching, command()],
    "path": ours._path(key),
    "killed": end(ours.ORDINARY_END, "now", exit_code=137),
    "taken back": end("Your Spot Task was interrupted.", "now", exit_code=1),
    "never began": end("CannotPullContainerError: no such image"),
    "stumbled": end(ours.ORDINARY_END, "now", exit_code=1),
}))
"""

LOG_GROUP = "cloudwatch://arn:aws:logs:eu-central-1:123456789012:log-group:tasks"

pytestmark = pytest.mark.airflow


def test_the_executor_says_why_a_worker_ended(release: Release, home: Home) -> None:
    """It loads by the name in the release table, knows where a log is, and what began is not begun again.

    No AWS answers here: that a log could not be told is no reason to stop.
    """
    assert release.ecs is not None
    options = {
        "CLUSTER": "c",
        "CONN_ID": "",
        "CONTAINER_NAME": "airflow",
        "LAUNCH_TYPE": "FARGATE",
        "MAX_RUN_TASK_ATTEMPTS": "4",
        "REGION_NAME": "eu-central-1",
        "SECURITY_GROUPS": "g",
        "SUBNETS": "s",
        "TASK_DEFINITION": "worker",
    }
    more = {
        "AIRFLOW__CORE__EXECUTOR": release.ecs.executor,
        **NO_DATABASE,
        "AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER": LOG_GROUP,
        **{f"AIRFLOW__AWS_ECS_EXECUTOR__{key}": value for key, value in options.items()},
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_SECRET_ACCESS_KEY": "x",
    }
    found: dict[str, Any] = json.loads(home.run(LOSES_WORKERS, more)[-1])
    ordinary = "Worker 4711 ended: Essential container in task exited; airflow: exit code"
    left_out = "executor_config may set sizes and variables only; left out: cluster, overrides.taskRoleArn"
    assert found == {
        "borrowed": [False, [left_out]],
        "commands": [
            ["airflow", "run"],
            *[["bash", "-c", FETCH, "worker", "python", "-m", "windsock_runtime.releases.run", "run"]] * 2,
        ],
        "path": "dag_id=tutorial/run_id=manual__2021/task_id=sleep/attempt=2.log",
        "killed": [f"{ordinary} 137", 4],
        "taken back": ["Worker 4711 ended: Your Spot Task was interrupted.; airflow: exit code 1", 4],
        "never began": ["Worker 4711 ended: CannotPullContainerError: no such image", 1],
        "stumbled": [f"{ordinary} 1", 1],
    }
