"""Tells the deployer what Airflow made of a release: whether it is parsed, its errors, and which runs use which.

`windsock push` waits for it, and nothing is cleared away that a run still uses.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from ..release_store import report

QUIET = timedelta(seconds=15)
"""After this long, a file that was never seen to bring a DAG or an error brings none."""

LOOK = timedelta(seconds=60)
RENEW = timedelta(seconds=600)
"""How often it looks after all was parsed, and how often it tells again although nothing changed: S3 asks for each."""

_FRAME = re.compile(r'File "([^"]+)", line (\d+)')

Write = Callable[["dict[str, Any]"], None]
State = Callable[[str, Path, datetime], "dict[str, Any]"]
"""Returns what is known of a version, whose DAG files lie in a folder, and that became current at a moment."""


log = logging.getLogger(__name__)


class Reporter:
    """Writes the report of the current release when it changes, and from time to time."""

    def __init__(self, state: State, write: Write = report) -> None:
        self._state, self._write = state, write
        self._version = ""
        self._since = moment()
        self._told: dict[str, Any] = {}
        self._told_at = self._looked_at = moment()

    def tell(self, version: str, dags: Path) -> None:
        """Look at what Airflow says and write what is new; a report that cannot be written ends nothing."""
        if version != self._version:
            self._version, self._since = version, moment()
        parsed = self._told.get("version") == version and self._told.get("parsed")
        if parsed and moment() - self._looked_at < LOOK:
            return
        self._looked_at = moment()
        try:
            self._tell(self._state(version, dags, self._since))
        except Exception:  # whoever calls goes on without it
            log.exception("What became of release %s could not be told", version)

    def _tell(self, content: dict[str, Any]) -> None:
        if content != self._told or moment() - self._told_at >= RENEW:
            self._write({**content, "at": moment().isoformat()})
            self._told, self._told_at = content, moment()


def import_error(file: str, trace: str | None) -> dict[str, Any]:
    """Return where a file below `dags/` went wrong, and the line in which Python says why."""
    own = [int(line) for path, line in _FRAME.findall(trace or "") if path.endswith(file)]
    return {"file": f"dags/{file}", "line": own[-1] if own else 0, "message": _reason(trace or "")}


def _reason(trace: str) -> str:
    """Return the first line of the message, which follows the last frame: Airflow's own go on for several lines."""
    lines = trace.strip().splitlines()
    frames = [number for number, line in enumerate(lines) if _FRAME.search(line)]
    after = lines[frames[-1] + 1 :] if frames else []
    return next((line for line in after if line and not line.startswith(" ")), lines[-1] if lines else "")


def moment() -> datetime:
    """Return what time it is."""
    return datetime.now(tz=timezone.utc)
