"""When EventBridge schedules call: `at`, `rate` and `cron` expressions in a time zone, as the service reads them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
UNITS = {"minute": 60, "hour": 3600, "day": 86400}
LONGEST_DAYS = 400
"""How far back the last time of a cron expression is searched."""

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_AT = re.compile(r"at\((.+)\)")
_CRON = re.compile(r"cron\((.+)\)")


@dataclass(frozen=True, kw_only=True)
class Timing:
    """When one schedule calls: its expression, time zone, bounds, and when it was made, in seconds since 1970."""

    expression: str
    timezone: str = "UTC"
    start: float | None = None
    end: float | None = None
    made: float = 0.0


def last_due(timing: Timing, after: float, until: float) -> float | None:
    """Return the last moment in (`after`, `until`] at which the schedule was due; None when it was not.

    Raises:
        LookupError: there is no such time zone.
        ValueError: an expression that the service would refuse, or that this module does not understand.
    """
    zone = ZoneInfo(timing.timezone)
    if match := _AT.fullmatch(timing.expression):  # a one-time schedule has no bounds
        once = datetime.fromisoformat(match[1]).replace(tzinfo=zone).timestamp()
        return once if after < once <= until else None
    last = min(until, timing.end) if timing.end is not None else until
    first = after if timing.start is None else max(after, timing.start - 1e-6)
    if match := _RATE.fullmatch(timing.expression):
        moment = _last_of_rate(int(match[1]) * UNITS[match[2]], timing, last)
        return moment if moment is not None and moment > first else None
    if match := _CRON.fullmatch(timing.expression):
        return _last_of_cron(match[1], zone, first, last)
    raise ValueError(f"Invalid Schedule Expression {timing.expression}.")


def _last_of_rate(interval: int, timing: Timing, until: float) -> float | None:
    """Return the last call of a rate, counted from its start or, without one, from when the schedule was made."""
    anchor = timing.made if timing.start is None else timing.start
    return anchor + (until - anchor) // interval * interval if until >= anchor else None


def _last_of_cron(text: str, zone: ZoneInfo, after: float, until: float) -> float | None:
    fields = text.split()
    if len(fields) != 6:  # noqa: PLR2004  minutes hours day-of-month month day-of-week year
        raise ValueError(f"Invalid Schedule Expression cron({text}).")
    minutes, hours = _numbers(fields[0], 0, 59), _numbers(fields[1], 0, 23)
    day = datetime.fromtimestamp(until, UTC).astimezone(zone).date()
    oldest = max(after, until - LONGEST_DAYS * UNITS["day"])
    while datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() + 2 * UNITS["day"] > oldest:
        if _is_on(day, fields):
            for hour in sorted(hours, reverse=True):
                for minute in sorted(minutes, reverse=True):
                    moment = _seconds(datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone))
                    if moment is not None and moment <= until:
                        return moment if moment > after else None
        day -= timedelta(days=1)
    return None


def _seconds(wall: datetime) -> float | None:
    """Return the first moment at which a clock on the wall shows this; None when summer time leaves it out.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
    """
    shown = wall.astimezone(UTC).astimezone(wall.tzinfo)
    return wall.timestamp() if shown.replace(tzinfo=None) == wall.replace(tzinfo=None) else None


def _is_on(day: date, fields: list[str]) -> bool:
    _, _, days, months, weekdays, years = fields
    return (
        (days == "?" or day.day in _numbers(days, 1, 31))
        and day.month in _numbers(months, 1, 12, MONTHS, 1)
        and (weekdays == "?" or day.isoweekday() % 7 + 1 in _numbers(weekdays, 1, 7, DAYS, 1))
        and day.year in _numbers(years, 1970, 2199)
    )


def _numbers(field: str, least: int, most: int, names: tuple[str, ...] = (), base: int = 0) -> frozenset[int]:
    return frozenset(number for part in field.split(",") for number in _part(part, least, most, names, base))


def _part(text: str, least: int, most: int, names: tuple[str, ...], base: int) -> Iterator[int]:
    body, _, step = text.partition("/")
    first, dash, last = body.partition("-")

    def number(word: str) -> int:
        return names.index(word.upper()) + base if word.upper() in names else int(word)

    if body in {"*", "?"}:
        start, end = least, most
    else:
        start = number(first)
        end = number(last) if dash else (most if step else start)
    if not least <= start <= most or not least <= end <= most:
        raise ValueError(f"{text} is not between {least} and {most}")
    span = range(start, end + 1) if start <= end else [*range(start, most + 1), *range(least, end + 1)]
    yield from list(span)[:: int(step or 1)]
