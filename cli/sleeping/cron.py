"""Reads cron expressions as Airflow does: five fields, or the name of a preset."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

PRESETS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@quarterly": "0 0 1 */3 *",
    "@yearly": "0 0 1 1 *",
}
"""https://airflow.apache.org/docs/apache-airflow/stable/authoring-and-scheduling/cron.html"""

_FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NAMES: tuple[Mapping[str, int], ...] = (
    {},
    {},
    {},
    {name: number for number, name in enumerate(_MONTHS, start=1)},
    {name: number for number, name in enumerate(_WEEKDAYS)},
)
_PART = re.compile(r"(?P<first>\*|\w+)(-(?P<last>\w+))?(/(?P<step>[1-9]\d*))?")
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Cron:
    """The minutes, hours, days of the month, months and days of the week (Sunday is 0) at which it is due.

    Where both kinds of days are restricted, one of them is enough (`either`).
    """

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool

    def moments(self, after: datetime, until: datetime) -> Iterator[datetime]:
        """Yield when it is due, from the day of one moment on and before another."""
        day = after.replace(hour=0, minute=0, second=0, microsecond=0)
        while day < until:
            if self._is_due_on(day):
                yield from (day.replace(hour=hour, minute=minute) for hour in self.hours for minute in self.minutes)
            day += _DAY

    def _is_due_on(self, day: datetime) -> bool:
        of_month, of_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return day.month in self.months and (of_month or of_week if self.either else of_month and of_week)


def read_cron(text: str) -> Cron | None:
    """Return what an expression or a preset says; None for one that this does not know, such as `L` or seconds."""
    fields = PRESETS.get(text, text).lower().split()
    if len(fields) != len(_FIELDS):
        return None
    read = [_read(field, bounds, names) for field, bounds, names in zip(fields, _FIELDS, _NAMES, strict=True)]
    if not all(read):
        return None
    minutes, hours, days, months, weekdays = read
    either = not fields[2].startswith("*") and not fields[4].startswith("*")
    week = frozenset(day % 7 for day in weekdays)
    return Cron(minutes=minutes, hours=hours, days=days, months=months, weekdays=week, either=either)


def _read(field: str, bounds: tuple[int, int], names: Mapping[str, int]) -> frozenset[int]:
    """Return the values of a field; none where it cannot be read."""
    found: set[int] = set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            return frozenset()
        first, last = (_value(match[name], names) for name in ("first", "last"))
        if match["first"] == "*":
            first, last = bounds
        elif match["last"] is None:
            last = bounds[1] if match["step"] else first
        if first is None or last is None or not bounds[0] <= first <= last <= bounds[1]:
            return frozenset()
        found.update(range(first, last + 1, int(match["step"] or 1)))
    return frozenset(found)


def _value(word: str | None, names: Mapping[str, int]) -> int | None:
    if word is None or word == "*":
        return None
    return int(word) if word.isdecimal() else names.get(word)
