"""What the starts took decides how long before a run it wakes, within bounds."""

from datetime import timedelta

import pytest

from runtime.due.starts import Starts, read_starts
from spec.sections.schedules.due import WAKE_BEFORE

UNKNOWN = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("minutes", "before"), [((), 15), ((12,), 14), ((12, 9, 10), 14), ((3, 4), 10), ((80,), 60), ((8, 59), 60)]
)
def test_it_wakes_two_minutes_earlier_than_the_longest_start_took(minutes: tuple[int, ...], before: int) -> None:
    """Never less than ten minutes before, nor more than an hour."""
    assert Starts(minutes).wake_before(UNKNOWN) == timedelta(minutes=before)


def test_what_is_learnt_may_stand_in_the_yaml() -> None:
    """Where somebody who knows better may also write less than is ever learnt."""
    least, most = WAKE_BEFORE
    assert least < Starts((0,)).wake_before(UNKNOWN) < Starts((1000,)).wake_before(UNKNOWN) == most


def test_five_starts_are_kept() -> None:
    """A slow one is forgotten after five; a minute that has begun counts."""
    starts = Starts()
    for seconds in (30 * 60, 61, 120, 180, 240, 300):
        starts = starts.another(timedelta(seconds=seconds))
    assert starts.minutes == (2, 2, 3, 4, 5)


@pytest.mark.parametrize("minutes", [(), (11,), (11, 9, 10)])
def test_what_is_said_is_read_again(minutes: tuple[int, ...]) -> None:
    """After any other words."""
    assert read_starts(f"Awake: nothing is due{Starts(minutes).words}").minutes == minutes
