"""The kind `due` of the `schedule` section: two times, and hours beside them."""

from datetime import UTC, datetime

import pytest

from tests.spec.minimal import minimal, refused

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_its_times_have_defaults_in_minutes() -> None:
    """Both are a quarter of an hour."""
    schedule = minimal(more="schedule: {when: due}\n").schedule
    assert schedule is not None
    assert schedule.due is not None
    assert schedule.due.minutes == {"grace": 15, "wake_before": 15}
    assert schedule.hours is None


def test_who_knows_how_long_it_takes_to_start_says_so() -> None:
    """A database in a container is up sooner than an instance."""
    schedule = minimal(more="schedule: {when: due, grace: 20m, wake_before: 6m}\n").schedule
    assert schedule is not None
    assert schedule.due is not None
    assert schedule.due.minutes == {"grace": 20, "wake_before": 6}


def test_it_may_sleep_at_any_moment() -> None:
    """Only Airflow knows when it next wakes."""
    schedule = minimal(more="schedule: {when: due, grace: 1h}\n").schedule
    assert schedule is not None
    assert (schedule.is_open(NOW), schedule.next_change(NOW)) == (False, None)


@pytest.mark.parametrize(
    ("key", "value"), [("grace", "soon"), ("grace", "5h"), ("wake_before", "4m"), ("wake_before", "2h")]
)
def test_other_times_are_refused(key: str, value: str) -> None:
    """With the bounds, at the line of the key."""
    fault = refused(more=f"schedule: {{when: due, {key}: {value}}}\n")
    assert fault.path == f"schedule.{key}"
    assert fault.hint


def test_it_must_be_awake_in_its_office_hours() -> None:
    """Which schedules do not end: something may be due."""
    schedule = minimal(more='schedule: {when: due, on: "08:00-18:00 Sun", timezone: UTC}\n').schedule
    assert schedule is not None
    assert schedule.hours is None
    assert schedule.is_open(NOW)
    assert not schedule.is_open(NOW.replace(hour=18))


@pytest.mark.parametrize(("key", "value"), [("on", '"08:00-18:00 Mon"'), ("timezone", "UTC"), ("on", '"8-18"')])
def test_half_or_unreadable_hours_are_refused(key: str, value: str) -> None:
    """At the key that is there."""
    fault = refused(more=f"schedule: {{when: due, {key}: {value}}}\n")
    assert fault.path == f"schedule.{key}"
    assert fault.hint


@pytest.mark.parametrize(
    "topic", ["on-call", "arn:aws:sns:eu-west-1:123456789012:on-call", "arn:aws:sqs:us-west-2:123456789012:q"]
)
def test_a_topic_is_one_of_the_region(topic: str) -> None:
    """Schedules reach no other."""
    fault = refused(more=f"schedule: {{when: due, alarm_topic: '{topic}'}}\n")
    assert fault.path == "schedule.alarm_topic"
    assert fault.hint
