"""The clock of an emulator shows real time until a test sets it."""

import sys
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


def test_containers_keep_real_time_without_a_library(tmp_path: Path) -> None:
    """However the clock is set."""
    fake_clock.set_to(tmp_path, time.time() + 86400)
    assert fake_clock.files_of_containers(tmp_path) == ()
    assert fake_clock.now_of_containers(tmp_path) == pytest.approx(time.time(), abs=5)


def test_containers_keep_the_time_of_a_library_in_the_same_file(tmp_path: Path) -> None:
    """Programs have it open: it is there before the clock is set, and stays the same file."""
    (tmp_path / fake_clock.LIBRARY_NAME).touch()
    library, clock = fake_clock.files_of_containers(tmp_path)
    assert library.name == fake_clock.LIBRARY_NAME
    with clock.open("rb", buffering=0) as opened:
        assert opened.read() == bytes(8)
        fake_clock.set_to(tmp_path, time.time() + 86400)
        opened.seek(0)
        ahead = int.from_bytes(opened.read(), sys.byteorder, signed=True)
    assert ahead == pytest.approx(86400e9, abs=5e9)
    assert fake_clock.now_of_containers(tmp_path) == pytest.approx(time.time() + 86400, abs=5)
