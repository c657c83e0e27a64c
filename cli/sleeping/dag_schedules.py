"""Reads from the files of DAGs, without running them, when each is due."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cli.sleeping.cron import Cron, read_cron

KEYS = ("schedule", "schedule_interval", "timetable")
NEVER = frozenset({"@once"})
ALWAYS = "@continuous"
_OF_A_CRON = frozenset({"CronTriggerTimetable", "CronDataIntervalTimetable"})
_DELTA = frozenset({"timedelta", "duration"})


@dataclass(frozen=True, kw_only=True)
class DagSchedule:
    """A DAG with its `rhythm`, a cron expression or a period; without one it is due at no time of its own.

    `unread` says why nobody knows that from its file. One that is `always` due runs without a pause.
    """

    dag: str
    rhythm: Cron | timedelta | None = None
    always: bool = False
    unread: str = ""


def dag_schedules(dags: Path, *, daily: bool) -> tuple[DagSchedule, ...]:
    """Return the DAGs below a folder; one without a schedule is `daily` in Airflow 2, and in Airflow 3 never due."""
    return tuple(found for file in sorted(dags.rglob("*.py")) for found in _of_file(file, daily=daily))


def _of_file(file: Path, *, daily: bool) -> Iterator[DagSchedule]:
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return  # a deploy says so
    decorated = {
        id(decorator): node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in {"DAG", "dag"}:
            yield _schedule(_dag_id(node, decorated.get(id(node), file.stem)), node, daily=daily)


def _dag_id(call: ast.Call, otherwise: str) -> str:
    given = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "dag_id")]
    return next((str(_literal(value)) for value in given if isinstance(_literal(value), str)), otherwise)


def _schedule(dag: str, call: ast.Call, *, daily: bool) -> DagSchedule:
    value = next((keyword.value for keyword in call.keywords if keyword.arg in KEYS), None)
    if value is None and any(keyword.arg is None for keyword in call.keywords):
        return DagSchedule(dag=dag, unread="its schedule may be in what it unpacks")
    if value is None:
        return DagSchedule(dag=dag, rhythm=timedelta(days=1) if daily else None)
    if isinstance(value, ast.Call) and _name(value.func) in _OF_A_CRON and value.args:
        value = value.args[0]
    said = _literal(value)
    if said == ALWAYS:
        return DagSchedule(dag=dag, always=True)
    if isinstance(value, ast.Constant) and (said is None or said in NEVER):
        return DagSchedule(dag=dag)
    rhythm = read_cron(said) if isinstance(said, str) else _period(value)
    return DagSchedule(dag=dag, rhythm=rhythm, unread="" if rhythm else f"its schedule is {ast.unparse(value)}")


def _period(value: ast.expr) -> timedelta | None:
    if not isinstance(value, ast.Call) or _name(value.func) not in _DELTA:
        return None
    try:
        given = {keyword.arg or "": ast.literal_eval(keyword.value) for keyword in value.keywords}
        period = timedelta(*map(ast.literal_eval, value.args), **given)
    except (ValueError, TypeError, OverflowError):
        return None
    return period if period >= timedelta(minutes=1) else None


def _literal(value: ast.expr) -> object:
    return value.value if isinstance(value, ast.Constant) else None


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
