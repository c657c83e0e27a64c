"""Office hours in a time zone, summer and winter."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from spec.sections.schedules.hours import DAY, WEEK, Hours, read_spans
from tests.spec.minimal import minimal, refused

BERLIN = ZoneInfo("Europe/Berlin")
HOURS = Hours(on="08:00-18:00 Mon-Fri", timezone="Europe/Berlin")
EIGHT, SIX = 8 * 60, 18 * 60


def test_a_working_week_has_five_days() -> None:
    """Each day of the range is a span of its own."""
    schedule = minimal(more='schedule: {on: "08:00-18:00 Mon-Fri", timezone: Europe/Berlin}\n').schedule
    assert schedule is not None
    assert schedule.hours is not None
    assert schedule.hours.spans == tuple((day * DAY + EIGHT, day * DAY + SIX) for day in range(5))


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("08:00-18:00 Mon, 10:00-12:00 Sat", ((EIGHT, SIX), (5 * DAY + 600, 5 * DAY + 720))),
        ("08:00-18:00 Mon,Wed", ((EIGHT, SIX), (2 * DAY + EIGHT, 2 * DAY + SIX))),
        ("08:00-12:00 Mon, 12:00-18:00 Mon", ((EIGHT, SIX),)),
        ("22:00-06:00 Mon", ((22 * 60, DAY + 6 * 60),)),
        ("22:00-06:00 Sun", ((6 * DAY + 22 * 60, WEEK + 6 * 60),)),
        ("22:00-06:00 Sun, 05:00-08:00 Mon", ((6 * DAY + 22 * 60, WEEK + EIGHT),)),
        ("00:00-24:00 Sat-Sun", ((5 * DAY, WEEK),)),
        ("08:00-18:00 Sat-Mon", ((EIGHT, SIX), (5 * DAY + EIGHT, 5 * DAY + SIX), (6 * DAY + EIGHT, 6 * DAY + SIX))),
    ],
)
def test_ranges_are_read(text: str, spans: tuple[tuple[int, int], ...]) -> None:
    """Several of them, over midnight, over the end of the week; what touches is joined."""
    assert read_spans(text) == spans


@pytest.mark.parametrize(
    "text",
    [
        "8-18 Mon",
        "08:00-18:00",
        "08:00-18:00 Mon-Foo",
        "08:00-25:00 Mon",
        "08:00-08:00 Mon",
        "24:00-08:00 Mon",
        "08:00-08:30 Mon",
        "08:00-12:00 Mon, 12:30-18:00 Mon",
        "00:00-24:00 Mon-Sun",
        "",
    ],
)
def test_other_hours_are_refused(text: str) -> None:
    """Hours that are unreadable, never end, or are too short to wake or to sleep."""
    fault = refused(more=f'schedule: {{on: "{text}", timezone: UTC}}\n')
    assert fault.path == "schedule.on"
    assert fault.hint


@pytest.mark.parametrize(
    ("zone", "hint"),
    [("Europe/Berln", "Europe/Berlin"), ("tokyo", "Asia/Tokyo"), ("Nowhere/At/All", "such as"), ("EST", "such as")],
)
def test_unknown_time_zones_are_refused(zone: str, hint: str) -> None:
    """With the one that was probably meant."""
    fault = refused(more=f'schedule: {{on: "08:00-18:00 Mon", timezone: "{zone}"}}\n')
    assert fault.path == "schedule.timezone"
    assert hint in fault.hint


@pytest.mark.parametrize(
    ("moment", "awake"),
    [
        (datetime(2026, 7, 1, 7, 59, tzinfo=BERLIN), False),
        (datetime(2026, 7, 1, 8, 0, tzinfo=BERLIN), True),
        (datetime(2026, 7, 1, 6, 0, tzinfo=UTC), True),
        (datetime(2026, 12, 2, 6, 0, tzinfo=UTC), False),
        (datetime(2026, 7, 1, 18, 0, tzinfo=BERLIN), False),
        (datetime(2026, 7, 4, 12, 0, tzinfo=BERLIN), False),
    ],
)
def test_it_is_awake_by_local_time(moment: datetime, *, awake: bool) -> None:
    """Whatever the time zone of the moment, in summer as in winter."""
    assert HOURS.is_open(moment) is awake


def test_the_night_of_sunday_reaches_into_monday() -> None:
    """A span over the end of the week is the same span on its other side."""
    hours = Hours(on="22:00-06:00 Sun", timezone="UTC")
    assert hours.is_open(datetime(2026, 11, 23, 5, 59, tzinfo=UTC))
    assert not hours.is_open(datetime(2026, 11, 23, 6, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("moment", "change"),
    [
        (datetime(2026, 7, 1, 12, 30, 5, tzinfo=BERLIN), datetime(2026, 7, 1, 18, 0, tzinfo=BERLIN)),
        (datetime(2026, 7, 3, 18, 0, tzinfo=BERLIN), datetime(2026, 7, 6, 8, 0, tzinfo=BERLIN)),
        (datetime(2026, 10, 23, 18, 0, tzinfo=BERLIN), datetime(2026, 10, 26, 8, 0, tzinfo=BERLIN)),
    ],
)
def test_the_next_change_is_known(moment: datetime, change: datetime) -> None:
    """By day the evening, by night the morning, over the weekend too, and over the end of summer time."""
    assert HOURS.next_change(moment) == change


@pytest.mark.parametrize(
    ("on", "moment", "change"),
    [
        ("01:00-02:30 Sun", datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN), datetime(2026, 4, 5, 2, 30, tzinfo=BERLIN)),
        ("02:30-06:00 Sun", datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN), datetime(2026, 4, 5, 2, 30, tzinfo=BERLIN)),
        ("02:00-03:00 Sun", datetime(2026, 3, 28, 1, 30, tzinfo=BERLIN), datetime(2026, 4, 5, 2, 0, tzinfo=BERLIN)),
        ("03:00-06:00 Sun", datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN), datetime(2026, 3, 29, 3, 0, tzinfo=BERLIN)),
    ],
)
def test_a_change_that_summer_time_skips_comes_a_week_later(on: str, moment: datetime, change: datetime) -> None:
    """EventBridge Scheduler makes no call at a time that does not exist: the environment stays as it is."""
    schedule = Hours(on=on, timezone="Europe/Berlin")
    assert schedule.next_change(moment) == change
    assert schedule.is_open(change.astimezone(UTC)) is not schedule.is_open(moment)


def test_an_hour_that_comes_twice_changes_nothing_the_second_time() -> None:
    """The hours end at the first 02:30; at the second 02:15 they are over, though the clock on the wall shows less."""
    schedule = Hours(on="01:00-02:30 Sun", timezone="Europe/Berlin")
    change = schedule.next_change(datetime(2026, 10, 25, 1, 30, tzinfo=BERLIN))
    assert change.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert schedule.is_open(datetime(2026, 10, 25, 2, 15, tzinfo=BERLIN))
    assert not schedule.is_open(datetime(2026, 10, 25, 2, 15, fold=1, tzinfo=BERLIN))
