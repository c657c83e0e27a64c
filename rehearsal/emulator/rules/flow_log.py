"""The connections that passed in an emulator, like a VPC flow log: one line of JSON each in its directory."""

import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from rehearsal.emulator.rules import json_lines

FILE_NAME = "connections.jsonl"


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A connection between two ends: the ids of the security groups of each, or its address where it has none."""

    source: tuple[str, ...]
    target: tuple[str, ...]
    flow: str
    """Protocol and port, such as `tcp 5432`."""


class FlowLog:
    """Writes each connection once."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / FILE_NAME
        self._known: set[Passed] = set()
        self._lock = threading.Lock()

    def record(self, passed: Passed) -> None:
        """Add a connection, unless it is there."""
        with self._lock:
            if passed in self._known:
                return
            self._known.add(passed)
        json_lines.append(self._file, asdict(passed))


def read(directory: Path) -> tuple[Passed, ...]:
    """Return the connections that passed in the emulator of a directory, in the order of their first packets."""
    return tuple(
        Passed(source=tuple(entry["source"]), target=tuple(entry["target"]), flow=entry["flow"])
        for entry in json_lines.entries(directory / FILE_NAME)
    )
