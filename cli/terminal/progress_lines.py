"""Shows a long operation as lines, one for each change, fit for a log."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from deployer.progress import StackEvent

if TYPE_CHECKING:
    from datetime import datetime


class Lines:
    """Prints progress line by line; implements `deployer.progress.Progress`."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._started: dict[str, datetime] = {}

    def phase(self, name: str, detail: str) -> None:
        """Begin a phase."""
        self._say(f"== {name}: {detail}" if detail else f"== {name}")

    def event(self, event: StackEvent) -> None:
        """Print what happened in a stack, and how long it took."""
        since = self._started.setdefault(event.path, event.time)
        took = ""
        if not event.status.endswith("_IN_PROGRESS"):
            took = f"  {duration((event.time - since).total_seconds())}"
            self._started.pop(event.path, None)
        reason = f"  {event.reason}" if event.reason and event.status.endswith("_FAILED") else ""
        self._say(f"{event.time:%H:%M:%S}  {event.status:<27} {event.path or '(root)'}  {event.type}{took}{reason}")

    def note(self, text: str) -> None:
        """Print a remark."""
        self._say(text)


def duration(seconds: float) -> str:
    """Spell a duration: `7s`, `2m05s`, `1h02m`."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes_of_hour = divmod(minutes, 60)
    if hours:
        return f"{hours}h{minutes_of_hour:02}m"
    return f"{minutes}m{rest:02}s" if minutes else f"{rest}s"
