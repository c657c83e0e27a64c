"""How long services run at least when things are done at known times."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class Stages:
    """How long services take to start, how long nothing must happen before they stop, and the shortest pause."""

    boot: timedelta
    grace: timedelta
    shortest: timedelta


def least_awake(spans: Iterable[tuple[datetime, datetime]], begins: datetime, stages: Stages) -> timedelta:
    """Return how long services run from a moment on: to start, for what is done, the grace, and pauses too short."""
    total, until = timedelta(), begins
    for start, end in sorted(spans):
        begin, ends = start - stages.boot, end + stages.grace
        begin = begin if begin - until > stages.shortest else until
        total += max(ends - begin, timedelta())
        until = max(until, ends)
    return total
