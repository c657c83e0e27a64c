"""The clock by which a bed's schedules go: it can be turned forward from outside; everything else keeps its time."""

import json
import os
import time
from pathlib import Path

FILE_NAME = "clock.json"


def now(directory: Path) -> float:
    """What the clock of a bed says, in seconds since 1970."""
    return time.time() + _ahead(directory)


def turn(directory: Path, to: float) -> None:
    """Turn the clock of a bed to a moment, from which it goes on; what was due until then happens now."""
    draft = directory / f"{FILE_NAME}.{os.getpid()}"
    draft.write_text(json.dumps({"ahead": to - time.time()}), encoding="utf-8")
    draft.replace(directory / FILE_NAME)


def _ahead(directory: Path) -> float:
    file = directory / FILE_NAME
    return float(json.loads(file.read_text(encoding="utf-8"))["ahead"]) if file.exists() else 0.0
