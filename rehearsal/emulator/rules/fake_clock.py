"""The clock of an emulator's schedules, which can be set forward from outside; everything else keeps real time.

Where the emulator's directory has a library that turns clocks, containers and databases keep the time of the schedules,
from their next start on.
"""

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rehearsal.emulator.rules import json_lines
from rehearsal.host import private_files

FILE_NAME = "clock"
LIBRARY_NAME = "clock.so"
"""A library that programs load first. It adds the number in the file of the clock to what the system's clock says."""
TRAIL_NAME = "schedules.jsonl"
SECOND = 1_000_000_000
NUMBER_BYTES = 8
"""The file of the clock holds nanoseconds, as a number in the order of this machine's bytes."""


def now(directory: Path) -> float:
    """Return the time by an emulator's fake clock, in seconds since 1970."""
    return time.time() + _ahead(directory)


def now_of_containers(directory: Path) -> float:
    """Return the time by the clocks of containers, in seconds since 1970."""
    return now(directory) if (directory / LIBRARY_NAME).exists() else time.time()


def set_to(directory: Path, to: float) -> None:
    """Set an emulator's clock to a moment, in seconds since 1970; schedules that were due until then call now."""
    _write(directory, to - time.time())


def files_of_containers(directory: Path) -> tuple[Path, ...]:
    """Return the files that programs need whose clock is turned, the library first; none where real time is kept."""
    library = directory / LIBRARY_NAME
    if not library.exists():
        return ()
    if not (directory / FILE_NAME).exists():
        _write(directory, 0.0)
    return library, directory / FILE_NAME


def log_call(directory: Path, call: Mapping[str, Any]) -> None:
    """Log a call that a schedule has made."""
    json_lines.append(directory / TRAIL_NAME, call)


def calls(directory: Path) -> tuple[str, ...]:
    """Return the calls that schedules have made so far, one line of JSON each, oldest first."""
    return json_lines.lines(directory / TRAIL_NAME)


def _ahead(directory: Path) -> float:
    file = directory / FILE_NAME
    return int.from_bytes(file.read_bytes(), sys.byteorder, signed=True) / SECOND if file.exists() else 0.0


def _write(directory: Path, ahead: float) -> None:
    """Write the file in its place: programs have it in their memory."""
    number = round(ahead * SECOND).to_bytes(NUMBER_BYTES, sys.byteorder, signed=True)
    file = os.open(directory / FILE_NAME, os.O_WRONLY | os.O_CREAT, private_files.FILE_MODE)
    try:
        os.pwrite(file, number, 0)
    finally:
        os.close(file)
