"""What the tables of Airflow 3 say in their own way: DAGs, assets, reschedules and deadlines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.models.asset import (
    AssetModel,
    DagScheduleAssetNameReference,
    DagScheduleAssetReference,
    DagScheduleAssetUriReference,
)
from airflow.models.base import Base
from airflow.models.dag import DagModel
from airflow.models.taskreschedule import TaskReschedule
from sqlalchemy import and_, or_, select

from .findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

LIVE = and_(DagModel.is_paused.is_(False), DagModel.is_stale.is_(False))
RESCHEDULES = TaskReschedule


def begins(run: Any) -> datetime:
    """Return when the scheduler begins a queued run."""
    moment: datetime = run.run_after
    return moment


def reschedule_of(task: Any) -> Any:
    """Return which reschedules are those of a task."""
    return TaskReschedule.ti_id == task.id


def outside_events() -> Iterator[Any]:
    """Yield queries of the DAGs that wait for an asset which no task here updates, or that is watched."""
    by_alias = Base.metadata.tables["asset_alias_asset"]
    updated = or_(AssetModel.producing_tasks.any(), AssetModel.id.in_(select(by_alias.c.asset_id)))
    outside = or_(~updated, AssetModel.watchers.any())
    for reference, same in (
        (DagScheduleAssetReference, DagScheduleAssetReference.asset_id == AssetModel.id),
        (DagScheduleAssetNameReference, DagScheduleAssetNameReference.name == AssetModel.name),
        (DagScheduleAssetUriReference, DagScheduleAssetUriReference.uri == AssetModel.uri),
    ):
        yield select(reference.dag_id, AssetModel.name).where(same, outside)


def more(session: Any) -> Iterator[Finding]:
    """Yield the deadlines of runs; releases before them have no such table."""
    deadlines = Base.metadata.tables.get("deadline")
    if deadlines is not None and "missed" in deadlines.c:
        ahead = select(deadlines.c.deadline_time).where(deadlines.c.missed.is_(False))
        yield from (Finding("the deadline of a run", moment) for moment in session.scalars(ahead))


def visits(_session: Any) -> Iterator[datetime]:
    """Yield nothing: a login lasts by its token alone, and no table says who reads."""
    return iter(())
