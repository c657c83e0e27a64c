"""The weekly and daily windows in which RDS works on an instance, as RDS writes them: hours and minutes in UTC."""

from typing import Annotated

from pydantic import AfterValidator

from spec.section import Matching, refuse

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_OF_DAY = 24 * 60
MINUTES_OF_WEEK = 7 * MINUTES_OF_DAY
LEAST_MINUTES = 30
"""The shortest window that RDS takes. Source: ModifyDBInstance, Amazon RDS API reference."""

_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]"
_DAY = f"({'|'.join(DAYS)})"

Span = tuple[int, int]
"""The minute at which a window begins, and how many it lasts."""


def daily(window: str) -> Span:
    """Return a daily window in minutes since midnight."""
    begin, end = (_minutes(text) for text in window.split("-"))
    return begin, (end - begin) % MINUTES_OF_DAY


def weekly(window: str) -> Span:
    """Return a weekly window in minutes since the midnight before Monday."""
    begin, end = (_minutes_of_week(text) for text in window.split("-"))
    return begin, (end - begin) % MINUTES_OF_WEEK


def overlap(backup: str, maintenance: str) -> bool:
    """Whether a daily window meets a weekly one on some day."""
    (begin, lasts), (other, other_lasts) = daily(backup), weekly(maintenance)
    starts = (day * MINUTES_OF_DAY + begin for day in range(len(DAYS)))
    return any(
        (other - start) % MINUTES_OF_WEEK < lasts or (start - other) % MINUTES_OF_WEEK < other_lasts for start in starts
    )


def _minutes(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)


def _minutes_of_week(text: str) -> int:
    day, _, time = text.partition(":")
    return DAYS.index(day) * MINUTES_OF_DAY + _minutes(time)


def _backup(value: str) -> str:
    _refuse_short(value, daily(value)[1])
    return value


def _maintenance(value: str) -> str:
    lasts = weekly(value)[1]
    _refuse_short(value, lasts)
    if lasts >= MINUTES_OF_DAY:
        refuse(f"{value!r} lasts a day or longer", hint="use less than 24 hours")
    return value


def _refuse_short(value: str, lasts: int) -> None:
    if lasts < LEAST_MINUTES:
        refuse(f"{value!r} lasts {lasts} minutes", hint=f"RDS takes windows of {LEAST_MINUTES} minutes or more")


BackupWindow = Annotated[
    str,
    Matching(
        pattern=rf"{_TIME}-{_TIME}",
        fault="is no daily window",
        hint='hours and minutes in UTC, such as "02:00-03:00"',
    ),
    AfterValidator(_backup),
]
MaintenanceWindow = Annotated[
    str,
    Matching(
        pattern=rf"{_DAY}:{_TIME}-{_DAY}:{_TIME}",
        fault="is no weekly window",
        hint='days, hours and minutes in UTC, such as "sun:03:30-sun:04:30"',
    ),
    AfterValidator(_maintenance),
]
