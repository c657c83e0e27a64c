"""Notes on the disk which files of a release Airflow 2 has parsed, and with which error.

The processes that parse write it, and the process that follows releases reads it: neither asks the database.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Any

from .report import QUIET, import_error, moment

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

MARKS = ".parsed"
"""The folder beside the releases."""

_WORDS = (b"dag", b"airflow")
"""Airflow looks into files alone that have both words."""


def mark(folder: Path, file: str, error: str) -> None:
    """Note that Airflow knows what a file below `dags/` of a release brings; `error` is empty where it is sound."""
    place = _marks(folder)
    place.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(file.encode()).hexdigest()
    draft = place / f".{name}"
    draft.write_text(json.dumps({"file": file, "error": error}), encoding="utf-8")
    draft.replace(place / name)


def forget_marks(folder: Path) -> None:
    """Forget what is noted of a release, which Airflow is about to parse anew."""
    shutil.rmtree(_marks(folder), ignore_errors=True)


class Marks:
    """What is noted of one release after the other."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def state_of(self, version: str, dags: Path, since: datetime) -> dict[str, Any]:
        """Return what is known of a version, whose files lie in `dags`, that became current at `since`."""
        errors = {one["file"]: one["error"] for one in _read(_marks(dags.parent))}
        files = {str(path.relative_to(dags)) for path in dags.rglob("*") if _may_have_dags(path)}
        waiting = files - errors.keys()
        parsed = not waiting or (not waiting & self._known and moment() - since >= QUIET)
        self._known |= errors.keys()
        return {
            "version": version,
            "parsed": parsed,
            "errors": sorted((import_error(file, error) for file, error in errors.items() if error), key=str),
            "runs": {},
        }


def _read(marks: Path) -> list[dict[str, str]]:
    names = [] if not marks.exists() else [path for path in marks.iterdir() if not path.name.startswith(".")]
    return [json.loads(path.read_text(encoding="utf-8")) for path in names]


def _may_have_dags(path: Path) -> bool:
    if path.suffix == ".zip":
        return True
    if path.suffix != ".py" or not path.is_file():
        return False
    content = path.read_bytes().lower()
    return all(word in content for word in _WORDS)


def _marks(folder: Path) -> Path:
    return folder.parent / MARKS / folder.name
