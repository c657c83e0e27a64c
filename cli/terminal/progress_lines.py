"""Shows a long operation as lines fit for a log: one for each phase and nested stack, and each failure."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from deployer.progress import StackEvent

if TYPE_CHECKING:
    from datetime import datetime

_STACK = "AWS::CloudFormation::Stack"
_BUSY, _FAILED = "_IN_PROGRESS", "_FAILED"
_WORTH_TELLING_SECONDS = 1.0


class Lines:
    """Implements `deployer.progress.Progress` line by line; with `verbose` it prints each change of a resource."""

    def __init__(
        self, say: Callable[[str], None], *, verbose: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._say = say
        self._verbose = verbose
        self._clock = clock
        self._started: dict[str, datetime] = {}
        self._ended: dict[str, int] = {}
        self._phase_since: float | None = None

    def phase(self, name: str, detail: str) -> None:
        """Begin a phase, and say how long the last one took."""
        self.end()
        self._phase_since = self._clock()
        self._ended = {}
        self._say(f"== {name}: {detail}" if detail else f"== {name}")

    def end(self) -> None:
        """End the phase."""
        took = 0.0 if self._phase_since is None else self._clock() - self._phase_since
        self._phase_since = None
        if took >= _WORTH_TELLING_SECONDS:
            self._say(f"   {duration(took)}")

    def event(self, event: StackEvent) -> None:
        """Print the end of a stack, its begin if it is known how long it takes, and failures; the rest if `verbose`."""
        since = self._started.setdefault(event.path, event.time)
        busy = event.status.endswith(_BUSY)
        known = f"  about {duration(event.about)}" if event.about else ""
        took = known if busy else f"  {duration((event.time - since).total_seconds())}"
        if not busy:
            self._started.pop(event.path, None)
            if event.type != _STACK:
                stack = event.path.rpartition("/")[0]
                self._ended[stack] = self._ended.get(stack, 0) + 1
        told = event.type == _STACK and (not busy or bool(known and since == event.time))
        if self._verbose or event.status.endswith(_FAILED) or told:
            self._say(self._line(event, took))

    def note(self, text: str) -> None:
        """Print a remark."""
        self._say(text)

    def _line(self, event: StackEvent, took: str) -> str:
        reason = f"  {event.reason}" if event.reason and event.status.endswith(_FAILED) else ""
        count = self._ended.get(event.path, 0) if event.type == _STACK and event.path else 0
        about = f"{count} {'resource' if count == 1 else 'resources'}" if count else ""
        nothing = "" if event.status.endswith(_BUSY) else "nothing to change"
        about = about or (nothing if event.type == _STACK and event.path else event.type)
        place = f"{event.path or '(root)'}  {about}".rstrip()
        return f"{event.time:%H:%M:%S}  {event.status:<27} {place}{took}{reason}"


def duration(seconds: float) -> str:
    """Spell a duration: `7s`, `2m05s`, `1h02m`."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes_of_hour = divmod(minutes, 60)
    if hours:
        return f"{hours}h{minutes_of_hour:02}m"
    return f"{minutes}m{rest:02}s" if minutes else f"{rest}s"
