"""The checks choose the right night; the steps themselves run in tests/life/test_lifetime.py."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from acceptance.schedule_checks import EXTENSION, night
from compiler.resources.schedules import crons
from rehearsal.emulator.rules.schedule_expressions import Timing, last_due
from spec.sections.schedules.hours import DAY, WEEK, Hours

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("moment", "evening", "morning"),
    [
        ("2026-07-01T12:00", "2026-07-01T18:00", "2026-07-02T08:00"),
        ("2026-07-01T20:00", "2026-07-02T18:00", "2026-07-03T08:00"),
        ("2026-07-03T12:00", "2026-07-03T18:00", "2026-07-06T08:00"),
        ("2026-07-05T12:00", "2026-07-06T18:00", "2026-07-07T08:00"),
    ],
)
def test_an_evening_comes_before_its_morning(moment: str, evening: str, morning: str) -> None:
    """From the day, from the night, over a weekend and from within it."""
    hours = Hours(on="08:00-18:00 Mon-Fri", timezone="Europe/Berlin")
    there = [datetime.fromisoformat(text).replace(tzinfo=BERLIN) for text in (moment, evening, morning)]
    assert night(hours, there[0]) == (there[1], there[2])


def test_the_extension_is_longer_than_any_night() -> None:
    """Otherwise an environment would be gone before its morning."""
    assert EXTENSION.total_seconds() >= 2 * WEEK * 60


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Berlin", "2026-03-29"),
        ("Europe/Berlin", "2026-10-25"),
        ("America/New_York", "2027-03-14"),
        ("America/New_York", "2026-11-01"),
        ("America/St_Johns", "2026-03-08"),
        ("Australia/Lord_Howe", "2026-04-05"),
        ("Africa/Cairo", "2026-04-24"),
        ("Pacific/Kiritimati", "2026-12-31"),
        ("Asia/Kolkata", "2028-02-29"),
        ("UTC", "2026-11-28"),
    ],
)
def test_changes_come_when_the_compiled_schedules_call(zone: str, day: str) -> None:
    """Hours that begin at a half hour of the night: they change when EventBridge calls, also where summer time does."""
    start = datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(hours=14)
    for minute in range(0, 4 * 60, 30):
        first, last = f"{minute // 60:02}:{minute % 60:02}", f"{(minute // 60 + 3) % 24:02}:{minute % 60:02}"
        hours = Hours(on=f"{first}-{last} Mon-Sun", timezone=zone)
        ((opening, closing), *_) = hours.spans
        calls = {wakes: crons(range(edge % DAY, WEEK, DAY)) for edge, wakes in ((opening, True), (closing, False))}
        for now in (start + timedelta(minutes=at) for at in range(7, 2 * DAY, 131)):
            called = {wakes: _last_call(texts, zone, now) for wakes, texts in calls.items()}
            assert hours.is_open(now) is (called[True] > called[False]), (zone, hours.on, now)
            change = hours.next_change(now)
            (awake,) = (
                wakes for wakes, texts in calls.items() if _last_call(texts, zone, change) == change.timestamp()
            )
            assert awake is not hours.is_open(now), (zone, hours.on, now, change)


def _last_call(expressions: tuple[str, ...], zone: str, now: datetime) -> float:
    """Return when, at a moment, the last of these expressions called, in seconds since 1970."""
    due = (last_due(Timing(expression=text, timezone=zone), 0.0, now.timestamp()) for text in expressions)
    return max(moment for moment in due if moment is not None)
