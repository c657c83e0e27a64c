"""Pushes between two tasks of a run, and reads from their logs which release each of them ran."""

import shutil
from collections.abc import Callable
from pathlib import Path

from rehearsal.clients.airflow_client import AirflowClient
from tests.life.kept import Kept
from tests.life.waiting import until

DAG = "holds"
WORDS = ("words.py", "late_words.py")


def push_another(kept: Kept, home: Path, checkout: Path, word: str) -> None:
    """Push a copy of the home of a kept environment in which the DAGs say another word."""
    copy = checkout / home.name
    if not copy.exists():
        shutil.copytree(home, copy, ignore=shutil.ignore_patterns("__pycache__"))
        (checkout / "env.yaml").write_text(kept.environment.read_text(encoding="utf-8"), encoding="utf-8")
    for name in WORDS:
        (copy / "dags" / name).write_text(f'WORD = "{word}"\n', encoding="utf-8")
    pushed = kept.run("push", "env.yaml", checkout=checkout)
    assert pushed.returncode == 0, pushed.stdout + pushed.stderr


def hold(client: AirflowClient, run: str) -> None:
    """Let no task of the DAG start but the first of a run, and wait until that one has ended."""
    until(lambda: _state(client, run, "first") in {"running", "success"})
    client.pause(DAG)
    until(lambda: _state(client, run, "first") == "success")


def said(client: AirflowClient, run: str, task: str, word: str) -> Callable[[], bool]:
    """Return a look whether the log of a task has this word."""
    return lambda: f"{task} says {word}" in client.task_log(DAG, run, task)


def _state(client: AirflowClient, run: str, task: str) -> str:
    return str(client.task(DAG, run, task).get("state"))
