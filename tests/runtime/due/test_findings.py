"""What is due within the grace keeps Airflow awake; of the rest, the first moment counts."""

from datetime import UTC, datetime, timedelta

import pytest

from runtime.due.findings import Finding, outlook

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GRACE = timedelta(minutes=15)


def _in(minutes: int, what: str = "a run") -> Finding:
    return Finding(what, NOW + timedelta(minutes=minutes))


def test_nothing_keeps_an_empty_airflow_awake() -> None:
    """And it is needed for nothing."""
    seen = outlook([], NOW, GRACE)
    assert (seen.awake, seen.next) == ((), None)


def test_the_first_of_what_is_due_later_counts() -> None:
    """In whatever order it was found."""
    seen = outlook([_in(90), _in(16, "the first"), _in(60)], NOW, GRACE)
    assert (seen.awake, seen.next) == ((), _in(16, "the first"))


@pytest.mark.parametrize("minutes", [-60, 0, 15])
def test_what_is_due_within_the_grace_keeps_it_awake(minutes: int) -> None:
    """Also what is late; it is told with its time, and is not what comes next."""
    seen = outlook([_in(minutes), _in(30, "another")], NOW, GRACE)
    assert seen.awake == (f"a run at {NOW + timedelta(minutes=minutes):%Y-%m-%d %H:%M}",)
    assert seen.next == _in(30, "another")


def test_what_has_no_time_keeps_it_awake_and_is_told_once() -> None:
    """However often it was found."""
    seen = outlook([Finding("a task runs"), Finding("a task runs"), _in(30)], NOW, GRACE)
    assert seen.awake == ("a task runs",)
