"""What the tables of Airflow 2 say in their own way: DAGs, datasets, reschedules and sessions."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from airflow import settings
from airflow.configuration import conf
from airflow.models.base import Base
from airflow.models.dag import DagModel
from airflow.models.dataset import DagScheduleDatasetReference, DatasetModel
from airflow.models.taskreschedule import TaskReschedule
from sqlalchemy import LargeBinary, and_, column, select, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .findings import Finding

LIVE = and_(DagModel.is_paused.is_(False), DagModel.is_active.is_(True))
RESCHEDULES = TaskReschedule

SESSIONS = table("session", column("data", LargeBinary), column("expiry"))
LOGGED_IN = b"_user_id"
"""What the session of somebody who has logged in holds, however it is written."""

_ALWAYS = datetime.min.replace(tzinfo=timezone.utc)


def begins(run: Any) -> datetime:
    """Return when the scheduler begins a queued run: not before its date, unless the settings say otherwise."""
    moment: datetime = _ALWAYS if settings.ALLOW_FUTURE_EXEC_DATES else run.execution_date
    return moment


def reschedule_of(task: Any) -> Any:
    """Return which reschedules are those of a task."""
    names = ("dag_id", "task_id", "run_id", "map_index")
    return and_(*(getattr(TaskReschedule, name) == getattr(task, name) for name in names))


def outside_events() -> Iterator[Any]:
    """Yield queries of the DAGs that wait for a dataset which no task here updates, with what it is called."""
    reference, by_alias = DagScheduleDatasetReference, Base.metadata.tables.get("dataset_alias_dataset")
    updated = [DatasetModel.producing_tasks.any()]
    if by_alias is not None:
        updated.append(DatasetModel.id.in_(select(by_alias.c.dataset_id)))
    missing = and_(*(~each for each in updated))
    yield select(reference.dag_id, DatasetModel.uri).where(DatasetModel.id == reference.dataset_id, missing)


def more(_session: Any) -> Iterator[Finding]:
    """Yield nothing: these releases have no deadlines."""
    return iter(())


def visits(session: Any) -> Iterator[datetime]:
    """Yield when those who are logged in last asked for a page: each request makes their session last from then."""
    lasts = timedelta(minutes=conf.getint("webserver", "session_lifetime_minutes"))
    newest = select(SESSIONS.c.data, SESSIONS.c.expiry).order_by(SESSIONS.c.expiry.desc()).limit(100)
    for data, expiry in session.execute(newest):
        if expiry is not None and LOGGED_IN in bytes(data or b""):
            moment = expiry if isinstance(expiry, datetime) else datetime.fromisoformat(expiry)
            yield moment.replace(tzinfo=timezone.utc) - lasts
