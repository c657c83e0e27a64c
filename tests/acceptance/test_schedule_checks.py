"""Which night it is that a rehearsal lets pass; the acts themselves are rehearsed in tests/life/test_lifetime.py."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from acceptance.schedule_checks import EXTENSION, night
from spec.sections.schedule import WEEK, Schedule

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
    hours = Schedule(on="08:00-18:00 Mon-Fri", timezone="Europe/Berlin")
    there = [datetime.fromisoformat(text).replace(tzinfo=BERLIN) for text in (moment, evening, morning)]
    assert night(hours, there[0]) == (there[1], there[2])


def test_no_night_is_longer_than_the_time_that_is_given() -> None:
    """Otherwise an environment would be gone before its morning."""
    assert EXTENSION.total_seconds() >= 2 * WEEK * 60
