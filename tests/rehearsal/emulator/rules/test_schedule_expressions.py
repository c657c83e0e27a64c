"""Expressions mean what EventBridge Scheduler says that they mean."""

from datetime import UTC, datetime

import pytest

from rehearsal.emulator.rules.schedule_expressions import Timing, last_due


def at(text: str) -> float:
    """Return a moment in UTC as seconds."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


NOON = at("2026-07-01T12:00")  # a Wednesday


@pytest.mark.parametrize(
    ("timing", "after", "until", "due"),
    [
        (Timing(expression="rate(1 hour)", start=NOON), "2026-07-01T11:00", "2026-07-01T11:59", None),
        (Timing(expression="rate(1 hour)", start=NOON), "2026-07-01T11:59", "2026-07-01T12:00", "2026-07-01T12:00"),
        (Timing(expression="rate(1 hour)", start=NOON), "2026-07-01T12:00", "2026-07-01T12:59", None),
        (Timing(expression="rate(1 hour)", start=NOON), "2026-07-01T11:00", "2026-07-03T12:30", "2026-07-03T12:00"),
        (Timing(expression="rate(2 days)", made=NOON), "2026-07-01T11:00", "2026-07-01T12:01", "2026-07-01T12:00"),
        (
            Timing(expression="rate(5 minutes)", start=NOON, end=NOON + 600),
            "2026-07-01T11:00",
            "2026-07-02T12:00",
            "2026-07-01T12:10",
        ),
        (
            Timing(expression="at(2026-07-01T14:00:00)", timezone="Europe/Berlin"),
            "2026-07-01T11:00",
            "2026-07-01T12:00",
            "2026-07-01T12:00",
        ),
        (Timing(expression="at(2026-07-01T14:00:00)"), "2026-07-01T14:00", "2026-07-01T18:00", None),
        (
            Timing(expression="cron(0 8 ? * MON-FRI *)", timezone="Europe/Berlin"),
            "2026-07-01T00:00",
            "2026-07-01T12:00",
            "2026-07-01T06:00",
        ),
        (
            Timing(expression="cron(0 8 ? * MON-FRI *)", timezone="Europe/Berlin"),
            "2026-12-01T00:00",
            "2026-12-01T12:00",
            "2026-12-01T07:00",
        ),
        (
            Timing(expression="cron(30 2 ? * * *)", timezone="Europe/Berlin"),
            "2026-03-28T12:00",
            "2026-03-29T12:00",
            None,
        ),
        (
            Timing(expression="cron(0/30 * ? * * *)", timezone="Europe/Berlin"),
            "2026-03-28T12:00",
            "2026-03-29T01:20",
            "2026-03-29T01:00",
        ),
        (
            Timing(expression="cron(30 2 ? * * *)", timezone="Europe/Berlin"),
            "2026-10-24T12:00",
            "2026-10-25T12:00",
            "2026-10-25T00:30",
        ),
        (
            Timing(expression="cron(30 2 ? * * *)", timezone="Europe/Berlin"),
            "2026-10-25T00:31",
            "2026-10-25T12:00",
            None,
        ),
        (Timing(expression="cron(0 8 ? * MON,FRI *)"), "2026-06-30T00:00", "2026-07-01T12:00", None),
        (Timing(expression="cron(0 8 ? * SAT-MON *)"), "2026-06-28T12:00", "2026-07-01T12:00", "2026-06-29T08:00"),
        (Timing(expression="cron(0/20 * ? * * *)"), "2026-07-01T11:00", "2026-07-01T12:45", "2026-07-01T12:40"),
        (Timing(expression="cron(0 0 1 1 ? 2027)"), "2026-07-01T11:00", "2027-07-01T12:00", "2027-01-01T00:00"),
    ],
)
def test_the_last_moment_of_a_window_is_found(timing: Timing, after: str, until: str, due: str | None) -> None:
    """One call for a window, however often it was due in it; in the time zone of the schedule; within its bounds.

    A time that summer time skips does not come, and one that it repeats comes once.
    """
    assert last_due(timing, at(after), at(until)) == (at(due) if due else None)


@pytest.mark.parametrize("expression", ["rate(1 fortnight)", "cron(0 8 * * *)", "every day", "cron(0 25 ? * MON *)"])
def test_an_invalid_expression_is_refused(expression: str) -> None:
    """As the service refuses it."""
    with pytest.raises(ValueError, match=r"Invalid|between"):
        last_due(Timing(expression=expression), 0.0, NOON)
