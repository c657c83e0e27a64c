"""The hours of the week in which an environment is awake in any case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from dateutil.tz import gettz  # type: ignore[import-untyped]  # comes with boto3, and with time zones of its own

from .findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class OfficeHours:
    """Spans of the week, each from and until so many minutes after Monday 00:00, on the clock of a time zone."""

    spans: Sequence[Sequence[int]]
    timezone: str

    def findings(self, now: datetime) -> Iterator[Finding]:
        """Yield that it is within the hours, or when they next begin."""
        wall = now.astimezone(gettz(self.timezone)).replace(tzinfo=None)
        week_ago = datetime.combine(wall.date(), datetime.min.time()) - timedelta(days=wall.weekday()) - WEEK
        for weeks in range(3):
            for start, end in self.spans:
                opening, closing = (week_ago + weeks * WEEK + timedelta(minutes=minute) for minute in (start, end))
                if opening <= wall < closing:
                    yield Finding("office hours")
                elif wall < opening:
                    yield Finding("office hours", self._moment(opening))

    def _moment(self, wall: datetime) -> datetime:
        return wall.replace(tzinfo=gettz(self.timezone)).astimezone(timezone.utc)
