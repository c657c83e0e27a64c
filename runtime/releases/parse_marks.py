"""Notes on the disk which files of a release Airflow 2 has parsed, with which error, and which runs use which release.

The processes that parse write it, and the process that follows releases reads it: neither asks the database.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .report import import_error, moment

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

MARKS = ".parsed"
"""The folder of the home."""

SKEW = 2.0
"""How many seconds the clock of a file system may be ahead of this machine's."""

RUNS = "runs.json"
RUNS_SECONDS = 30.0
"""The note in that folder of the runs that use each release, and how often they are counted."""

_WORDS = (b"dag", b"airflow")
"""Airflow looks into files alone that have both words."""


def mark(folder: Path, file: str, error: str) -> None:
    """Note that Airflow knows what a file below `dags/` of a release brings; `error` is empty where it is sound."""
    place = _marks(folder)
    place.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(file.encode()).hexdigest()
    _write(place / name, {"file": file, "error": error})


def note_runs(count: Callable[[], dict[str, int]]) -> None:
    """Note how many runs use each release, unless that was counted just now."""
    place = _place() / RUNS
    if not place.exists() or time.time() - place.stat().st_mtime >= RUNS_SECONDS:
        _write(place, count())


class Marks:
    """What is noted of one release after the other.

    `link` leads to the current one; what was noted before it was switched does not count. A file that was never seen
    to be parsed brings nothing when the release is current for as long as `quiet`.
    """

    def __init__(self, link: Path, quiet: timedelta) -> None:
        self._link, self._quiet = link, quiet
        self._known: set[str] = set()

    def state_of(self, version: str, dags: Path, since: datetime) -> dict[str, Any]:
        """Return what is known of a version, whose files lie in `dags`, that became current at `since`."""
        switched = self._link.lstat().st_mtime - SKEW
        errors = {one["file"]: one["error"] for one in _read(_marks(dags.parent), switched)}
        files = {str(path.relative_to(dags)) for path in dags.rglob("*") if _may_have_dags(path)}
        waiting = files - errors.keys()
        parsed = not waiting or (not waiting & self._known and moment() - since >= self._quiet)
        self._known |= errors.keys()
        return {
            "version": version,
            "parsed": parsed,
            "errors": sorted((import_error(file, error) for file, error in errors.items() if error), key=str),
            "runs": _runs(),
        }


def _runs() -> dict[str, int]:
    place = _place() / RUNS
    found: dict[str, int] = json.loads(place.read_text(encoding="utf-8")) if place.exists() else {}
    return found


def _write(place: Path, content: dict[str, Any]) -> None:
    draft = place.with_name(f".{place.name}-{os.getpid()}")
    draft.write_text(json.dumps(content), encoding="utf-8")
    draft.replace(place)


def _read(marks: Path, since: float) -> list[dict[str, str]]:
    paths = [] if not marks.exists() else [path for path in marks.iterdir() if not path.name.startswith(".")]
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths if path.stat().st_mtime >= since]


def _may_have_dags(path: Path) -> bool:
    if path.suffix == ".zip":
        return True
    if path.suffix != ".py" or not path.is_file():
        return False
    content = path.read_bytes().lower()
    return all(word in content for word in _WORDS)


def _marks(folder: Path) -> Path:
    return _place() / folder.name


def _place() -> Path:
    return Path(os.environ["AIRFLOW_HOME"]) / MARKS
