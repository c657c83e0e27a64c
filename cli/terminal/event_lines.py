"""Shows what happens to a program: one JSON object a line for each phase, each change and each note."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deployer.progress import StackEvent


def _now() -> datetime:
    return datetime.now(UTC)


class EventLines:
    """Implements `deployer.progress.Progress`; every line has `event`, which says what it is, and `time`."""

    def __init__(self, write: Callable[[str], None], *, clock: Callable[[], datetime] = _now) -> None:
        self._write = write
        self._clock = clock

    def phase(self, name: str, detail: str) -> None:
        """Begin a phase."""
        self.line("phase", name=name, detail=detail)

    def event(self, event: "StackEvent") -> None:
        """Tell every change, also of what is not done."""
        facts = {"path": event.path, "type": event.type, "status": event.status, "reason": event.reason}
        self._write_line("resource", event.time, **facts, **({"about_seconds": event.about} if event.about else {}))

    def note(self, text: str) -> None:
        """Tell a remark."""
        self.line("note", text=text)

    def line(self, event: str, **facts: str | float) -> None:
        """Tell something that only one verb tells."""
        self._write_line(event, self._clock(), **facts)

    def _write_line(self, event: str, time: datetime, **facts: str | float) -> None:
        self._write(json.dumps({"event": event, "time": time.isoformat(), **facts}))
