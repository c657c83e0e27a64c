"""Takes the time of phases and nested stacks, and says beforehand how long they take as far as is known."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from deployer.aws.stacks import STACK_TYPE
from deployer.progress import Progress, StackEvent
from deployer.stacks.statuses import is_over

_SHORTEST = 5.0
"""What takes less is not worth a word."""


class Stopwatch:
    """Passes everything on to another `deployer.progress.Progress`; `known` are seconds, `took` are those of this run.

    The keys are the name of a phase, and that name with the logical id of a nested stack.
    """

    def __init__(self, progress: Progress, known: Mapping[str, float], now: Callable[[], float]) -> None:
        self.took: dict[str, float] = {}
        self._progress, self._known, self._now = progress, known, now
        self._phase, self._since = "", 0.0
        self._begun: dict[str, float] = {}

    def phase(self, name: str, detail: str) -> None:
        """Begin a phase, with the minutes that it will take."""
        self.end()
        self._phase, self._since = name, self._now()
        self._progress.phase(name, f"{detail}{_about(self._known.get(name, 0.0))}")

    def event(self, event: StackEvent) -> None:
        """Pass an event on; one of a nested stack knows how long that takes."""
        if event.type != STACK_TYPE or not event.path:
            self._progress.event(event)
            return
        key = f"{self._phase} {event.path}"
        if not is_over(event.status):
            self._begun.setdefault(key, event.time.timestamp())
        elif key in self._begun:
            self._note(key, event.time.timestamp() - self._begun.pop(key))
        self._progress.event(replace(event, about=self._known.get(key, 0.0)))

    def note(self, text: str) -> None:
        """Pass a remark on."""
        self._progress.note(text)

    def end(self) -> None:
        """End the phase."""
        if self._phase:
            self._note(self._phase, self._now() - self._since)
        self._phase = ""

    def _note(self, key: str, seconds: float) -> None:
        if seconds >= _SHORTEST:
            self.took[key] = seconds


def _about(seconds: float) -> str:
    minutes = round(seconds / 60)
    if not seconds:
        return ""
    return f", about {minutes} min" if minutes else f", about {seconds:.0f} s"
