"""When a scheduler last said in the database that it works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.utils.session import create_session
from airflow.utils.sqlalchemy import UtcDateTime
from sqlalchemy import String, column, func, select, table

if TYPE_CHECKING:
    from datetime import datetime

JOBS = table("job", column("job_type", String), column("latest_heartbeat", UtcDateTime()))


def last_heartbeat() -> datetime | None:
    """Return when; None where no scheduler ever ran."""
    with create_session() as session:
        newest = select(func.max(JOBS.c.latest_heartbeat)).where(JOBS.c.job_type == "SchedulerJob")
        found: datetime | None = session.scalar(newest)
    return found
