"""When a person last did something in Airflow: a login, a page, or an entry of the audit log."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from airflow.models.log import Log
from sqlalchemy import DateTime, String, column, func, select, table

from .families import FAMILY

if TYPE_CHECKING:
    from collections.abc import Iterator

BY_PROCESSES = "cli_"
"""How entries begin that processes write when they start, under the name of the container's user.

What tasks write, such as `running` or their release, bears the name of the owner of the DAG, and alone says which of
the mapped ones it is about, -1 where none is. Both names are often `airflow`, and so is that of a person who logs in.
"""

USERS = table("ab_user", column("username", String), column("last_login", DateTime))


def last_seen(session: Any) -> datetime | None:
    """Return when; None where nobody ever did."""
    return max(_signs(session), default=None)


def _signs(session: Any) -> Iterator[datetime]:
    login = session.scalar(select(func.max(USERS.c.last_login)))
    of_people = (Log.map_index.is_(None), ~Log.event.startswith(BY_PROCESSES, autoescape=True))
    entry = session.scalar(select(func.max(Log.dttm)).where(Log.owner.in_(select(USERS.c.username)), *of_people))
    if login is not None:
        yield login.replace(tzinfo=timezone.utc)  # of the clock of the container, which has no other zone
    if entry is not None:
        yield entry
    yield from FAMILY.visits(session)
