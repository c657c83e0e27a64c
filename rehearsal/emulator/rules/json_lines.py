"""Records in the emulator's directory, one line of JSON each, which every process can read."""

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_LOCK = threading.Lock()


def append(file: Path, entry: Mapping[str, Any]) -> None:
    """Add an entry; threads that add at the same time mix no lines."""
    line = json.dumps(entry) + "\n"
    with _LOCK, file.open("a", encoding="utf-8") as record:
        record.write(line)


def lines(file: Path) -> tuple[str, ...]:
    """Return the lines so far, oldest first; none where nothing was recorded."""
    return tuple(file.read_text(encoding="utf-8").splitlines()) if file.exists() else ()


def entries(file: Path) -> tuple[dict[str, Any], ...]:
    """Return the entries so far, oldest first."""
    return tuple(map(json.loads, lines(file)))
