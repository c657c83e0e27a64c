"""The calls of one API in an emulator: a log of them, and rules by which a test lets some of them fail."""

import json
import os
import threading
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rehearsal.emulator.rules import json_lines

TRAIL_NAME = "calls.jsonl"
FAULTS_NAME = "faults.json"
PULL_IMAGE = "PullImage"
"""In rules: the pull of an image before a container starts."""
CONTAINER_RUNS = "ContainerRuns"
"""In the log: a container has started."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """For the next `times` calls, `action` answers with the error, or with a failure's reason where AWS does so."""

    action: str
    times: int = 1
    error: str = ""
    failure: str = ""
    message: str = ""


class FaultInjection:
    """The rules and the log of one emulator, as the emulator itself uses them."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = threading.Lock()

    def take(self, action: str) -> Fault | None:
        """Return the rule for the next call of an action and count it as used once; None when there is no rule."""
        with self._lock:
            faults = _faults(self._directory)
            taken = next((fault for fault in faults if fault.action == action and fault.times > 0), None)
            if taken:
                left = replace(taken, times=taken.times - 1)
                put_faults(self._directory, tuple(left if fault is taken else fault for fault in faults))
        return taken

    def log_call(self, action: str) -> None:
        """Add a call to the log."""
        json_lines.append(self._directory / TRAIL_NAME, {"time": round(time.time(), 3), "action": action})


def put_faults(directory: Path, faults: tuple[Fault, ...]) -> None:
    """Replace the rules of an emulator, atomically; they apply from the next call on."""
    draft = directory / f"{FAULTS_NAME}.{os.getpid()}"
    draft.write_text(json.dumps([asdict(fault) for fault in faults], indent=2), encoding="utf-8")
    draft.replace(directory / FAULTS_NAME)


def trail(directory: Path) -> tuple[tuple[float, str], ...]:
    """When which action was called, oldest first."""
    return tuple((entry["time"], entry["action"]) for entry in json_lines.entries(directory / TRAIL_NAME))


def _faults(directory: Path) -> tuple[Fault, ...]:
    file = directory / FAULTS_NAME
    return tuple(Fault(**entry) for entry in json.loads(file.read_text(encoding="utf-8"))) if file.exists() else ()
