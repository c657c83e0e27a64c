"""How long the environment took to start, as its alarm keeps it: the next alarm rings as much earlier."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

MOST = 5
"""How many starts are kept."""

SPARE = timedelta(minutes=2)
"""How much earlier than the longest of them took it is woken."""

EARLIEST, LATEST = timedelta(hours=1), timedelta(minutes=10)
"""The bounds of what is learnt; `schedule.wake_before` may be shorter, where somebody knows better."""

_MINUTE = timedelta(minutes=1)
_TOLD = re.compile(r"; starts took (?P<minutes>\d+(, \d+)*) minutes$")


@dataclass(frozen=True)
class Starts:
    """What the last starts took, in minutes, the newest last."""

    minutes: tuple[int, ...] = ()

    @property
    def words(self) -> str:
        """What an alarm says of them after its own words."""
        return f"; starts took {', '.join(map(str, self.minutes))} minutes" if self.minutes else ""

    def another(self, took: timedelta) -> Starts:
        """Return them with one more; each minute that has begun counts."""
        return Starts((*self.minutes, -(-took // _MINUTE))[-MOST:])

    def wake_before(self, unknown: timedelta) -> timedelta:
        """Return how long before a run to wake; `unknown` while there was no start."""
        if not self.minutes:
            return unknown
        return min(max(max(self.minutes) * _MINUTE + SPARE, LATEST), EARLIEST)


def read_starts(said: str) -> Starts:
    """Return what an alarm says of the starts before."""
    told = _TOLD.search(said)
    return Starts(tuple(map(int, told["minutes"].split(", ")))) if told else Starts()
