"""Tests of the sample code inside every Airflow release: the same files load, and its logging keeps its promises."""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from cli.terminal.cache_dir import cache_root
from rehearsal.images.virtualenvs import build
from spec.releases.table import RELEASES, Release

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "docker"
READS_CODE = """
import json, runpy
from tutorial import print_date
from hello import HelloPlugin
etl = runpy.run_module("tutorial_taskflow_api")["tutorial_taskflow_api"]()
settings = runpy.run_module("webserver_config")
print(json.dumps({
    "tutorial": sorted(print_date.dag.task_ids),
    "etl": sorted(etl.task_ids),
    "menu": [view["name"] for view in HelloPlugin.appbuilder_views],
    "login": settings["AUTH_TYPE"],
}))
"""
LOGS_A_SECRET = """
import logging
import airflow, airflow.settings
try:
    import structlog
    from airflow.sdk.log import mask_secret
    task = structlog.get_logger("task")
except ImportError:
    from airflow.utils.log.secrets_masker import mask_secret
    task = logging.getLogger("airflow.task")
    # as `airflow tasks run` does: Airflow 2 masks in tasks only
    airflow.settings.MASK_SECRETS_IN_LOGS = True
mask_secret("hush-4711")
logging.getLogger("airflow.jobs").warning("two\\nlines")
task.warning("the secret is hush-4711")
"""

LOSES_WORKERS = """
import json, logging, sys
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
print(json.dumps({
    "path": ours._path(key),
    "killed": end(ours.ORDINARY_END, "now", exit_code=137),
    "taken back": end("Your Spot Task was interrupted.", "now", exit_code=1),
    "never began": end("CannotPullContainerError: no such image"),
    "stumbled": end(ours.ORDINARY_END, "now", exit_code=1),
}))
"""

LOG_GROUP = "cloudwatch://arn:aws:logs:eu-central-1:123456789012:log-group:tasks"
READS_NO_LINES = """
import json, logging
from types import SimpleNamespace
import airflow.settings
(handler,) = [handler for handler in logging.getLogger("airflow.task").handlers if handler.name == "task"]
handler._render_filename = lambda *_: "attempt=1.log"
read = []
if hasattr(handler, "io"):
    read = handler._read_remote_logs(SimpleNamespace(end_date=None), 1)
print(json.dumps([type(handler).__name__, *read]))
"""

pytestmark = pytest.mark.airflow


@pytest.fixture(params=list(RELEASES.values()), ids=list(RELEASES), scope="module")
def release(request: pytest.FixtureRequest) -> Release:
    """Each supported release in turn."""
    found: Release = request.param
    return found


@pytest.fixture(scope="module")
def environment(release: Release) -> Path:
    """Return the release's virtual environment, which rehearsals use too."""
    (python,) = release.pythons
    return build(
        f"airflow-{release.version}-python{python}",
        python=python,
        requirements=[DOCKER / "requirements.txt"],
        constraints=DOCKER / "constraints" / release.lock(python),
        cache=cache_root(os.environ) / "environments",
    )


def _run(script: str, environment: Path, home: Path, more: Mapping[str, str] | None = None) -> list[str]:
    """Return the stdout lines of a script in a process that sees the sample code as a process of the cluster does."""
    shutil.copytree(ROOT / "airflow_home", home, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    variables = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__LOGGING__JSON_LOGS": "True",
        "AIRFLOW__LOGGING__LOGGING_CONFIG_CLASS": "log_config.LOGGING_CONFIG",
        "HOME": str(home),
        "PATH": f"{environment / 'bin'}:/usr/bin:/bin",
        "PYTHONPATH": ":".join(str(home / folder) for folder in ("", "dags", "plugins")),
        **(more or {}),
    }
    ran = subprocess.run(
        [environment / "bin" / "python", "-c", script],
        check=False,
        capture_output=True,
        text=True,
        env=variables,
        cwd=home,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


def test_the_sample_code_loads_in_every_release(environment: Path, tmp_path: Path) -> None:
    """DAGs, plugin and web settings load unchanged."""
    found: dict[str, Any] = json.loads(_run(READS_CODE, environment, tmp_path)[-1])
    assert found == {
        "tutorial": ["print_date", "sleep", "templated"],
        "etl": ["extract", "load", "transform"],
        "menu": ["Hello"],
        "login": 1,
    }


def test_lines_are_json_without_secrets(environment: Path, tmp_path: Path) -> None:
    """Processes and tasks log JSON on stdout, one line each, with the secrets masked."""
    lines = [json.loads(line) for line in _run(LOGS_A_SECRET, environment, tmp_path)]
    said = [line.get("message", line.get("event")) for line in lines]
    assert "two\nlines" in said
    assert "the secret is ***" in said
    assert all({"timestamp", "level", "logger"} <= set(line) for line in lines)


def test_the_executor_says_why_a_worker_ended(release: Release, environment: Path, tmp_path: Path) -> None:
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
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "postgresql+psycopg2://nobody@localhost/nothing",
        "AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER": LOG_GROUP,
        **{f"AIRFLOW__AWS_ECS_EXECUTOR__{key}": value for key, value in options.items()},
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_SECRET_ACCESS_KEY": "x",
    }
    found: dict[str, Any] = json.loads(_run(LOSES_WORKERS, environment, tmp_path, more)[-1])
    ordinary = "Worker 4711 ended: Essential container in task exited; airflow: exit code"
    assert found == {
        "path": "dag_id=tutorial/run_id=manual__2021/task_id=sleep/attempt=2.log",
        "killed": [f"{ordinary} 137", 4],
        "taken back": ["Worker 4711 ended: Your Spot Task was interrupted.; airflow: exit code 1", 4],
        "never began": ["Worker 4711 ended: CannotPullContainerError: no such image", 1],
        "stumbled": [f"{ordinary} 1", 1],
    }


class _NoSuchStream(BaseHTTPRequestHandler):
    """Answers as CloudWatch Logs does when there is no line yet."""

    def do_POST(self) -> None:
        body = b'{"__type": "ResourceNotFoundException", "message": "The specified log stream does not exist."}'
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(400)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def no_lines() -> Iterator[str]:
    """Where a CloudWatch answers that has no line yet."""
    with HTTPServer(("127.0.0.1", 0), _NoSuchStream) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_log_without_lines_is_read(release: Release, environment: Path, tmp_path: Path, no_lines: str) -> None:
    """Airflow 2 has the handler that sends lines soon; until then 2.11 says so, and does not answer with an error."""
    if release.execution_api:
        pytest.skip("Airflow 3 reads lines that have not been sent from the file system")
    more = {
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "postgresql+psycopg2://nobody@localhost/nothing",
        "AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER": LOG_GROUP,
        "AIRFLOW__LOGGING__REMOTE_LOG_CONN_ID": "",
        "AIRFLOW__LOGGING__REMOTE_LOGGING": "True",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_ENDPOINT_URL": no_lines,
        "AWS_SECRET_ACCESS_KEY": "x",
    }
    handler, *read = json.loads(_run(READS_NO_LINES, environment, tmp_path, more)[-1])
    assert handler == "PromptTaskHandler"
    assert read in ([], [["CloudWatch has no line of this attempt yet."], []])
    assert bool(read) is release.version.startswith("2.11")
