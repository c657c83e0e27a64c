"""The calls of one API in an emulator: a trail of them, and rules by which a test lets some of them fail."""

import json
import os
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

TRAIL_NAME = "calls.jsonl"
FAULTS_NAME = "faults.json"
PULL_IMAGE = "PullImage"
"""Stands in rules for what ECS does before a container starts."""
CONTAINER_RUNS = "ContainerRuns"
"""Stands in the trail when a container has been started."""

_lock = threading.Lock()


@dataclass(frozen=True)
class Fault:
    """So many `times`, `action` ends as an error named `error`, or, where AWS answers so, with a failure's reason."""

    action: str
    times: int = 1
    error: str = ""
    failure: str = ""
    message: str = ""


def put_faults(directory: Path, faults: tuple[Fault, ...]) -> None:
    """Replace the rules of an emulator, atomically; they hold from the next call on."""
    with _lock:
        draft = directory / f"{FAULTS_NAME}.{os.getpid()}"
        draft.write_text(json.dumps([asdict(fault) for fault in faults], indent=2), encoding="utf-8")
        draft.replace(directory / FAULTS_NAME)


def take_fault(directory: Path, action: str) -> Fault | None:
    """The rule that the next call of an action falls under, used up by one; nothing when there is none."""
    file = directory / FAULTS_NAME
    if not file.exists():
        return None
    with _lock:
        faults = [Fault(**entry) for entry in json.loads(file.read_text(encoding="utf-8"))]
    taken = next((fault for fault in faults if fault.action == action and fault.times > 0), None)
    if taken:
        left = Fault(**{**asdict(taken), "times": taken.times - 1})
        put_faults(directory, tuple(left if fault is taken else fault for fault in faults))
    return taken


def note(directory: Path, action: str) -> None:
    """Add a call to the trail."""
    line = json.dumps({"time": round(time.time(), 3), "action": action}) + "\n"
    with _lock, (directory / TRAIL_NAME).open("a", encoding="utf-8") as trail:
        trail.write(line)


def trail(directory: Path) -> tuple[tuple[float, str], ...]:
    """When which action was called, oldest first."""
    file = directory / TRAIL_NAME
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return tuple((entry["time"], entry["action"]) for entry in map(json.loads, lines))
