"""`windsock extend` reads durations and moments."""

from datetime import UTC, datetime, timedelta

import pytest

from cli.command_line.parser import UsageRefusal
from cli.verbs.extend import time_of


def test_durations_are_those_of_the_yaml() -> None:
    """The same words as for `ttl`."""
    assert time_of("2d") == timedelta(days=2)
    assert time_of("90m") == timedelta(minutes=90)


@pytest.mark.parametrize("text", ["2027-03-31T18:00Z", "2027-03-31 20:00+02:00", "20270331T180000Z"])
def test_moments_are_those_of_iso_8601(text: str) -> None:
    """With an offset from UTC."""
    assert time_of(text) == datetime(2027, 3, 31, 18, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2", "d", "-2d", "2 days", "0h", "", "tomorrow"])
def test_any_other_time_is_refused(text: str) -> None:
    """With examples of valid times."""
    with pytest.raises(UsageRefusal, match="neither a duration nor a moment") as caught:
        time_of(text)
    assert caught.value.next_step == "Write it as 90m, 12h, 3d or 2w, or as 2027-03-31T18:00Z."


def test_a_moment_without_time_zone_is_refused() -> None:
    """The machine of a CI job is seldom in the user's time zone."""
    with pytest.raises(UsageRefusal, match="in which time zone") as caught:
        time_of("2027-03-31T18:00")
    assert caught.value.next_step == "Write 2027-03-31T18:00Z for UTC."
