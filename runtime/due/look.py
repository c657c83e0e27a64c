"""Looks into the database of Airflow once for all that is to come.

`python -m windsock_runtime.due.look` prints as JSON what Airflow is next needed for, what keeps it awake now, and when
somebody last worked in it.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from airflow.models.dag import DagModel
from airflow.utils.session import create_session
from sqlalchemy import select

from .families import FAMILY
from .findings import Finding, Outlook, outlook
from .people import last_seen
from .tasks import unfinished

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

GRACE = timedelta(minutes=15)
"""What is due within this time counts as due now, where nobody says otherwise."""


def main() -> None:
    """Look once, and print it."""
    seen = look(datetime.now(tz=timezone.utc), GRACE)
    due = {"what": seen.next.what, "at": str(seen.next.at)} if seen.next else None
    worked_at = str(seen.worked_at) if seen.worked_at else None
    sys.stdout.write(json.dumps({"awake": seen.awake, "next": due, "worked_at": worked_at}) + "\n")


def look(now: datetime, grace: timedelta, planned: Iterable[Finding] = ()) -> Outlook:
    """Return what keeps Airflow awake, and what it is next needed for; `planned` is what it does not know itself."""
    with create_session() as session:
        seen = outlook((*planned, *findings(session, now)), now, grace)
        return replace(seen, worked_at=last_seen(session))


def findings(session: Any, now: datetime) -> Iterator[Finding]:
    """Yield what Airflow goes on with."""
    live = {*session.scalars(select(DagModel.dag_id).where(FAMILY.LIVE))}
    yield from _scheduled(session)
    yield from _outside_events(session, live)
    yield from unfinished(session, now, live)
    yield from FAMILY.more(session)


def _scheduled(session: Any) -> Iterator[Finding]:
    """Yield the next run of each DAG, as far as the scheduler makes it: the query of `dags_needing_dagruns`."""
    known = (FAMILY.LIVE, DagModel.has_import_errors.is_(False), DagModel.next_dagrun_create_after.is_not(None))
    for dag, moment in session.execute(select(DagModel.dag_id, DagModel.next_dagrun_create_after).where(*known)):
        yield Finding(f"the next run of {dag}", moment)


def _outside_events(session: Any, live: set[str]) -> Iterator[Finding]:
    for query in FAMILY.outside_events():
        for dag, name in session.execute(query):
            if dag in live:
                yield Finding(f"{dag} waits for {name}, which may come from outside at any time")


if __name__ == "__main__":
    main()
