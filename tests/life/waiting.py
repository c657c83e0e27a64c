"""Waits until something is so, and ends what should not have ended."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

RUN_SECONDS = 300.0


def until(done: Callable[[], bool], limit: float = RUN_SECONDS) -> None:
    """Look until something is so."""
    end = time.monotonic() + limit
    while not done():
        assert time.monotonic() < end, f"not so within {limit:.0f} s"
        time.sleep(0.5)


def kill(task: str) -> None:
    """End all processes of an ECS task at once."""
    signal_task(task, signal.SIGKILL)


def signal_task(task: str, sent: signal.Signals) -> None:
    """Send a signal to all processes of an ECS task: they write to a file that bears its name."""
    name = task.rpartition("/")[2]
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and name in str((process / "fd" / "1").readlink()):
                os.kill(int(process.name), sent)
        except OSError:
            continue
