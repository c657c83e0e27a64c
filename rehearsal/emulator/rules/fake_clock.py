"""The clock of an emulator's schedules, which can be set forward from outside; everything else keeps real time."""

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rehearsal.emulator.rules import json_lines

FILE_NAME = "clock.json"
TRAIL_NAME = "schedules.jsonl"


def now(directory: Path) -> float:
    """Return the time by an emulator's fake clock, in seconds since 1970."""
    return time.time() + _ahead(directory)


def set_to(directory: Path, to: float) -> None:
    """Set an emulator's clock to a moment, in seconds since 1970; schedules that were due until then call now."""
    draft = directory / f"{FILE_NAME}.{os.getpid()}"
    draft.write_text(json.dumps({"ahead": to - time.time()}), encoding="utf-8")
    draft.replace(directory / FILE_NAME)


def log_call(directory: Path, call: Mapping[str, Any]) -> None:
    """Log a call that a schedule has made."""
    json_lines.append(directory / TRAIL_NAME, call)


def calls(directory: Path) -> tuple[str, ...]:
    """Return the calls that schedules have made so far, one line of JSON each, oldest first."""
    return json_lines.lines(directory / TRAIL_NAME)


def _ahead(directory: Path) -> float:
    file = directory / FILE_NAME
    return float(json.loads(file.read_text(encoding="utf-8"))["ahead"]) if file.exists() else 0.0
