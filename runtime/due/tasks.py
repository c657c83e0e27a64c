"""The runs and tasks that are not over, and when each goes on: a retry, a sensor, a trigger that waits for a time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from airflow.models.dagrun import DagRun
from airflow.models.serialized_dag import SerializedDagModel
from airflow.models.taskinstance import TaskInstance
from airflow.models.trigger import Trigger
from sqlalchemy import func, select

from .families import FAMILY
from .findings import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

GOES_ON = frozenset({"queued", "running", "restarting", "shutdown", "deferred"})
"""States of tasks that go on whether their DAG is paused or not."""

OF_A_RUN = frozenset({"scheduled", "up_for_retry", "up_for_reschedule", "awaiting_input"})
"""States of tasks that go on with their run."""

TIMED = frozenset(
    {"airflow.triggers.temporal.DateTimeTrigger", "airflow.providers.standard.triggers.temporal.DateTimeTrigger"}
)
"""Triggers that wait for a time: `TimeDeltaTrigger` is stored as one of these."""


def unfinished(session: Any, now: datetime, live: Collection[str]) -> Iterator[Finding]:
    """Yield the tasks and runs that are not over; `live` are the DAGs whose runs the scheduler goes on with."""
    told = set()
    for task in session.scalars(select(TaskInstance).where(TaskInstance.state.in_(GOES_ON | OF_A_RUN))):
        state = str(task.state)
        if state in GOES_ON or (task.dag_id in live and task.dag_run.state == "running"):
            told.add((task.dag_id, task.run_id))
            what = f"task {task.dag_id}.{task.task_id} of {task.run_id} is {state}"
            yield Finding(what, _moment(session, task, state))
    for run in session.scalars(select(DagRun).where(DagRun.state.in_(("queued", "running")))):
        if run.dag_id in live and (run.dag_id, run.run_id) not in told:
            begins = FAMILY.begins(run)
            yield Finding(f"run {run.run_id} of {run.dag_id} is {run.state}", begins if begins > now else None)


def _moment(session: Any, task: Any, state: str) -> datetime | None:
    """Return when a task goes on, if that is known."""
    if state == "up_for_retry":
        return _retry(session, task)
    if state == "up_for_reschedule":
        reschedules = FAMILY.RESCHEDULES
        return _known(session.scalar(select(func.max(reschedules.reschedule_date)).where(FAMILY.reschedule_of(task))))
    return _fires(session, task) if state == "deferred" else None


def _retry(session: Any, task: Any) -> datetime | None:
    stored = SerializedDagModel.get(task.dag_id, session=session)
    known = stored.dag.task_dict if stored else {}
    if task.task_id not in known:
        return None
    task.task = known[task.task_id]
    return _known(task.next_retry_datetime())


def _fires(session: Any, task: Any) -> datetime | None:
    trigger = session.get(Trigger, task.trigger_id) if task.trigger_id else None
    if trigger is None or trigger.classpath not in TIMED:
        return None
    moment = _known(trigger.kwargs.get("moment"))
    return min(moment, task.trigger_timeout or moment) if moment else None


def _known(value: Any) -> datetime | None:
    return value if isinstance(value, datetime) else None
