"""In office hours an environment is awake, and before them it wakes."""

from datetime import UTC, datetime, timedelta

import pytest

from runtime.due.findings import Finding
from runtime.due.office_hours import OfficeHours
from spec.sections.schedules.hours import Hours

WEEKDAYS = Hours(on="08:00-18:00 Mon-Fri", timezone="Europe/Berlin")
SUNDAY_NIGHT = Hours(on="22:00-06:00 Sun", timezone="UTC")


def _findings(hours: Hours, now: datetime) -> list[Finding]:
    return [*OfficeHours(hours.spans, hours.timezone).findings(now)]


@pytest.mark.parametrize(
    ("hours", "now"),
    [
        (WEEKDAYS, datetime(2026, 7, 1, 6, tzinfo=UTC)),
        (WEEKDAYS, datetime(2026, 7, 1, 15, 59, tzinfo=UTC)),
        (WEEKDAYS, datetime(2026, 12, 1, 7, tzinfo=UTC)),
        (SUNDAY_NIGHT, datetime(2026, 7, 6, 5, 59, tzinfo=UTC)),
        (SUNDAY_NIGHT, datetime(2026, 7, 5, 22, tzinfo=UTC)),
    ],
)
def test_within_them_it_is_awake(hours: Hours, now: datetime) -> None:
    """In summer and winter, and on the Monday into which a Sunday reaches."""
    assert Finding("office hours") in _findings(hours, now)


@pytest.mark.parametrize(
    ("hours", "now", "opening"),
    [
        (WEEKDAYS, datetime(2026, 7, 1, 16, tzinfo=UTC), datetime(2026, 7, 2, 6, tzinfo=UTC)),
        (WEEKDAYS, datetime(2026, 7, 3, 16, tzinfo=UTC), datetime(2026, 7, 6, 6, tzinfo=UTC)),
        (WEEKDAYS, datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 26, 7, tzinfo=UTC)),
        (SUNDAY_NIGHT, datetime(2026, 7, 6, 6, tzinfo=UTC), datetime(2026, 7, 12, 22, tzinfo=UTC)),
    ],
)
def test_outside_of_them_their_beginning_is_due(hours: Hours, now: datetime, opening: datetime) -> None:
    """Over a night, over a weekend, and over the end of summer time."""
    found = _findings(hours, now)
    assert Finding("office hours") not in found
    assert min(each.at for each in found if each.at) == opening


def test_it_agrees_with_the_yaml_at_every_hour_of_a_year() -> None:
    """Both say when it is open, and when that next changes."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    while now.year == 2026:
        found = _findings(WEEKDAYS, now)
        assert (Finding("office hours") in found) is WEEKDAYS.is_open(now), now
        if not WEEKDAYS.is_open(now):
            assert min(each.at for each in found if each.at) == WEEKDAYS.next_change(now)
        now += timedelta(hours=31)
