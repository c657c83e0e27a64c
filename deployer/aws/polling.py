"""Time as the deployer sees it: what hour it is, and how long to wait before looking again."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Value = TypeVar("Value")

_GROWTH = 1.5
_SHARE = 0.05
"""The part of what was waited so far that two looks at something slow are apart."""
_MOST = 2
"""So many times `longest` is the most that they are apart."""


@dataclass(frozen=True, kw_only=True)
class Clock:
    """`now` in seconds since 1970; `shortest` and `longest` bound the seconds between two looks at AWS.

    What takes long is looked at more seldom than that: a twentieth of the time waited apart, twice `longest` at most.
    """

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    shortest: float = 1.0
    longest: float = 5.0

    def until(self, look: Callable[[], Value | None], *, limit: float) -> Value | None:
        """Call `look` until it returns something, slower and slower, or return None after `limit` seconds."""
        began = self.now()
        wait = self.shortest
        while True:
            seen = look()
            if seen is not None:
                return seen
            waited = self.now() - began
            if waited >= limit:
                return None
            self.sleep(wait)
            wait = self.slower(wait, waited)

    def slower(self, wait: float, waited: float) -> float:
        """Return the seconds to wait next, after `wait` brought nothing; nothing has come for `waited` seconds."""
        return min(wait * _GROWTH, max(self.longest, waited * _SHARE), self.longest * _MOST)

    def quicker(self, wait: float) -> float:
        """Return the seconds to wait next, after `wait` brought news: more may follow soon."""
        return max(wait / _GROWTH**2, self.shortest)


Tell = Callable[[str], None]
TELL_SECONDS = 60.0


def silent(_text: str) -> None:
    """Tell nobody."""


class Reminder:
    """Says once a minute what is still waited for, and since when."""

    def __init__(self, clock: Clock, tell: Tell) -> None:
        self._clock, self._tell = clock, tell
        self._since = self._told = clock.now()

    def __call__(self, what: str) -> None:
        """Say it where a minute has passed since the last time."""
        now = self._clock.now()
        if now - self._told >= TELL_SECONDS:
            self._told += (now - self._told) // TELL_SECONDS * TELL_SECONDS
            self._tell(f"Waiting since {(now - self._since) / 60:.0f} min: {what}")


AWS = Clock()
"""The pace for AWS: it throttles callers who look more often. What takes minutes is noticed soon enough."""

LOOPBACK = Clock(shortest=0.1, longest=0.6)
"""The pace for an endpoint on this machine: nothing throttles."""
