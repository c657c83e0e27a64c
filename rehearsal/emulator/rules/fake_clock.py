"""The clock by which an emulator's schedules go: it can be set forward from outside; all else keeps its time."""

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FILE_NAME = "clock.json"
TRAIL_NAME = "schedules.jsonl"


def now(directory: Path) -> float:
    """What the clock of an emulator says, in seconds since 1970."""
    return time.time() + _ahead(directory)


def turn(directory: Path, to: float) -> None:
    """Turn the clock of an emulator to a moment, from which it goes on; what was due until then happens now."""
    draft = directory / f"{FILE_NAME}.{os.getpid()}"
    draft.write_text(json.dumps({"ahead": to - time.time()}), encoding="utf-8")
    draft.replace(directory / FILE_NAME)


def note(directory: Path, call: Mapping[str, Any]) -> None:
    """Add a call that a schedule has made to the trail."""
    with (directory / TRAIL_NAME).open("a", encoding="utf-8") as trail:
        trail.write(json.dumps(call) + "\n")


def calls(directory: Path) -> tuple[str, ...]:
    """What schedules have called so far, one line each, oldest first."""
    file = directory / TRAIL_NAME
    return tuple(file.read_text(encoding="utf-8").splitlines()) if file.exists() else ()


def _ahead(directory: Path) -> float:
    file = directory / FILE_NAME
    return float(json.loads(file.read_text(encoding="utf-8"))["ahead"]) if file.exists() else 0.0
