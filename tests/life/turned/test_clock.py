"""The library by which a program keeps the time of an emulator's schedules."""

import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rehearsal.emulator.rules import fake_clock
from tests.life.turned.library import build_library

DAY = 86400.0
PAUSE = """
import sys, threading, time
moments = [time.time()]
print("begun", flush=True)
{pause}
print(time.time() - moments[0], flush=True)
"""
WAITS = ("time.sleep(3600)", "import select; select.select([], [], [], 3600)")


@pytest.mark.parametrize("pause", WAITS)
def test_a_pause_ends_when_the_clock_is_set_past_it(pause: str, tmp_path: Path) -> None:
    """And the program sees another time; it may begin its pause after the clock was set for the first time."""
    with _run(PAUSE.format(pause=pause), tmp_path) as running:
        assert running.stdout
        assert running.stdout.readline() == "begun\n"
        days = 1
        while not select.select([running.stdout], [], [], 0.5)[0]:
            fake_clock.set_to(tmp_path, time.time() + days * DAY)
            days += 1
        assert float(running.stdout.readline()) >= DAY


def test_a_lock_is_waited_for_as_long_as_asked(tmp_path: Path) -> None:
    """Also when the clock is far ahead."""
    fake_clock.set_to(tmp_path, time.time() + DAY)
    script = PAUSE.format(pause="lock = threading.Lock(); lock.acquire(); lock.acquire(timeout=0.5)")
    with _run(script, tmp_path) as running:
        said, _ = running.communicate(timeout=60)
    assert 0.5 <= float(said.splitlines()[1]) < 30


def test_dates_are_those_of_the_clock(tmp_path: Path) -> None:
    """By each of the ways in which Python asks."""
    fake_clock.set_to(tmp_path, time.time() + DAY)
    asked = (
        "import datetime, time; print(time.time(), datetime.datetime.now().timestamp(), time.mktime(time.localtime()))"
    )
    with _run(asked, tmp_path) as running:
        said, _ = running.communicate(timeout=60)
    for moment in said.split():
        assert float(moment) == pytest.approx(time.time() + DAY, abs=30)


def test_a_file_that_was_just_changed_is_not_old(tmp_path: Path) -> None:
    """By its own time, which gunicorn compares with the time of the day."""
    fake_clock.set_to(tmp_path, time.time() + DAY)
    asked = "import os, time; made = open('made', 'w'); print(time.time() - os.fstat(made.fileno()).st_ctime)"
    with _run(asked, tmp_path) as running:
        said, _ = running.communicate(timeout=60)
    assert abs(float(said)) < 30


def _run(script: str, directory: Path) -> "subprocess.Popen[str]":
    build_library(directory)
    library, _ = fake_clock.files_of_containers(directory)
    return subprocess.Popen(
        [sys.executable, "-c", script],
        env={"LD_PRELOAD": str(library)},
        stdout=subprocess.PIPE,
        text=True,
        cwd=directory,
    )
