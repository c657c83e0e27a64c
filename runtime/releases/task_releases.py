"""Notes in the audit log of Airflow 2 which release each task runs, and counts the runs that are not over by it."""

from __future__ import annotations

import logging
from collections import Counter
from typing import Any

from airflow import settings
from airflow.models.dagrun import DagRun
from airflow.models.log import Log
from airflow.models.taskinstance import TaskInstance
from airflow.utils.session import create_session
from sqlalchemy import and_, select
from sqlalchemy.orm import Session as OwnSession

EVENT = "release"
"""The event that the audit log shows."""

log = logging.getLogger(__name__)


def note_release(task: Any, release: str) -> None:
    """Note which release a task instance runs from now on; a task goes on where that fails."""
    try:
        _add(task, release)
    except Exception:  # the code of the task matters more
        log.exception("The release of the task could not be noted")


def _add(task: Any, release: str) -> None:
    """Add it in a session of its own: that of the thread has the task, which Airflow goes on with."""
    run = and_(DagRun.dag_id == task.dag_id, DagRun.run_id == task.run_id)
    names = ("dag_id", "task_id", "map_index", "run_id", "try_number")
    with OwnSession(bind=settings.engine) as session:
        moment = session.execute(select(DagRun.execution_date).where(run)).scalar()
        known = {name: getattr(task, name) for name in names}
        session.add(Log(EVENT, owner=task.task.owner, extra=release, execution_date=moment, **known))
        session.commit()


def count_runs(current: str) -> dict[str, int]:
    """Return how many runs use each release. What waits for its next task will run the current one."""
    with create_session() as session:
        active = {row[0] for row in session.execute(select(DagRun.id).where(DagRun.state.in_(("queued", "running"))))}
        using = {(row[0], row[1]) for row in session.execute(_using())}
    counts = Counter(release for release, _ in using)
    counts[current] += len(active - {run for _, run in using})
    return dict(+counts)


def _using() -> Any:
    """Select release and run of each task that runs, by what was noted since it started."""
    run = and_(DagRun.dag_id == Log.dag_id, DagRun.execution_date == Log.execution_date)
    task = and_(
        TaskInstance.dag_id == Log.dag_id,
        TaskInstance.run_id == DagRun.run_id,
        TaskInstance.task_id == Log.task_id,
        TaskInstance.map_index == Log.map_index,
    )
    found = and_(Log.event == EVENT, TaskInstance.state == "running", Log.dttm >= TaskInstance.start_date)
    return select(Log.extra, DagRun.id).join(DagRun, run).join(TaskInstance, task).where(found)
