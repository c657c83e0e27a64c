"""Tells the deployer what the DAG processor made of a release: whether it is parsed, its errors, and who uses which.

`windsock push` waits for it, and nothing is cleared away that a run still uses.
"""

from __future__ import annotations

import logging
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from airflow.models.dag import DagModel
from airflow.models.dagrun import DagRun
from airflow.models.errors import ParseImportError
from airflow.utils.file import list_py_file_paths
from airflow.utils.session import create_session
from sqlalchemy import func, select

from .release_store import report

QUIET = timedelta(seconds=15)
"""After this long, a file that was never seen to bring a DAG or an error brings none."""

RENEW = timedelta(seconds=60)
"""How often it is told again, although nothing changed."""

_FRAME = re.compile(r'File "([^"]+)", line (\d+)')


log = logging.getLogger(__name__)


class Reporter:
    """Writes the report of one bundle when it changes, and from time to time."""

    def __init__(self, bundle: str) -> None:
        self._bundle = bundle
        self._version = ""
        self._since = _now()
        self._told: dict[str, Any] = {}
        self._told_at = _now()

    def tell(self, version: str, dags: Path) -> None:
        """Look into the database and write what is new; a report that cannot be written ends nothing."""
        if version != self._version:
            self._version, self._since = version, _now()
        if self._told.get("version") == version and self._told.get("parsed") and _now() - self._told_at < RENEW:
            return
        try:
            self._tell(state_of(self._bundle, version, dags, self._since))
        except Exception:  # the DAG processor goes on without it
            log.exception("What became of release %s could not be told", version)

    def _tell(self, content: dict[str, Any]) -> None:
        if content != self._told or _now() - self._told_at >= RENEW:
            report({**content, "at": _now().isoformat()})
            self._told, self._told_at = content, _now()


def state_of(bundle: str, version: str, dags: Path, since: datetime) -> dict[str, Any]:
    """Return what is known of a version, whose files lie in `dags`, that became current at `since`."""
    files = {str(Path(path).relative_to(dags)) for path in list_py_file_paths(str(dags))}
    with create_session() as session:
        rows = [tuple(row) for row in session.execute(_dags(bundle))]
        errors = [tuple(row) for row in session.execute(_errors(bundle))]
        runs = {row[0]: row[1] for row in session.execute(_runs())}
    done = {file for file, seen, at in rows if seen == version and at and at >= since}
    done |= {file for file, at, _ in errors if at and at >= since}
    waiting = {file for file, _, _ in rows if file in files} - done
    age = _now() - since
    return {
        "version": version,
        "parsed": files <= done or (not waiting and age >= QUIET),
        "errors": sorted((_error(file, trace) for file, _, trace in errors if file in files), key=str),
        "runs": runs,
    }


def _dags(bundle: str) -> Any:
    columns = (DagModel.relative_fileloc, DagModel.bundle_version, DagModel.last_parsed_time)
    return select(*columns).where(DagModel.bundle_name == bundle, DagModel.is_stale.is_(False))


def _errors(bundle: str) -> Any:
    columns = (ParseImportError.filename, ParseImportError.timestamp, ParseImportError.stacktrace)
    return select(*columns).where(ParseImportError.bundle_name == bundle)


def _runs() -> Any:
    using = (DagRun.state.in_(("queued", "running")), DagRun.bundle_version.is_not(None))
    return select(DagRun.bundle_version, func.count()).where(*using).group_by(DagRun.bundle_version)


def _error(file: str, trace: str | None) -> dict[str, Any]:
    """Return where a file went wrong, and the last line of what Python said."""
    lines = (trace or "").strip().splitlines()
    own = [int(line) for path, line in _FRAME.findall(trace or "") if path.endswith(file)]
    return {"file": f"dags/{file}", "line": own[-1] if own else 0, "message": lines[-1] if lines else ""}


def _now() -> datetime:
    return datetime.now(tz=timezone.utc)
