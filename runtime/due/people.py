"""When a person last did something in Airflow: a login, a page, or an entry of the audit log."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from airflow.models.log import Log
from airflow.utils.state import TaskInstanceState
from sqlalchemy import DateTime, String, column, func, select, table

from .families import FAMILY

if TYPE_CHECKING:
    from collections.abc import Iterator

BY_PROCESSES, BY_TASKS = "cli_", [state.value for state in TaskInstanceState]
"""How entries begin that processes write when they start, and what tasks write: under the name of the container's user,
and of the owner of the DAG. Both are often `airflow`, and so is a person who logs in."""

USERS = table("ab_user", column("username", String), column("last_login", DateTime))


def last_seen(session: Any) -> datetime | None:
    """Return when; None where nobody ever did."""
    return max(_signs(session), default=None)


def _signs(session: Any) -> Iterator[datetime]:
    login = session.scalar(select(func.max(USERS.c.last_login)))
    of_people = (Log.event.not_in(BY_TASKS), ~Log.event.startswith(BY_PROCESSES, autoescape=True))
    entry = session.scalar(select(func.max(Log.dttm)).where(Log.owner.in_(select(USERS.c.username)), *of_people))
    if login is not None:
        yield login.replace(tzinfo=timezone.utc)  # of the clock of the container, which has no other zone
    if entry is not None:
        yield entry
    yield from FAMILY.visits(session)
