"""The clock of an emulator shows real time until a test sets it."""

import time
from pathlib import Path

import pytest

from rehearsal.emulator.rules import fake_clock


def test_an_unset_clock_shows_real_time(tmp_path: Path) -> None:
    """It says what time it is."""
    assert fake_clock.now(tmp_path) == pytest.approx(time.time(), abs=5)


def test_a_set_clock_goes_on_from_there(tmp_path: Path) -> None:
    """Forward, and forward again from there."""
    for days in (1, 3):
        fake_clock.set_to(tmp_path, time.time() + days * 86400)
        assert fake_clock.now(tmp_path) == pytest.approx(time.time() + days * 86400, abs=5)


def test_calls_are_logged_in_order(tmp_path: Path) -> None:
    """In the order in which they were made."""
    assert fake_clock.calls(tmp_path) == ()
    for number in (1, 2):
        fake_clock.log_call(tmp_path, {"call": number})
    assert fake_clock.calls(tmp_path) == ('{"call": 1}', '{"call": 2}')
