"""Bounds how long a test may take: a wait that never ends fails with a traceback instead of hanging the suite."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

AGAIN_SECONDS = 1.0
"""A context manager may wait once more while the failure leaves it, as `Popen` does: that wait is interrupted too."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Fail what still runs in the block after so many seconds; an outer limit goes on afterwards."""

    def fail(_number: int, _frame: object) -> None:
        pytest.fail(f"It took longer than {seconds:g} s.")

    outer = signal.signal(signal.SIGALRM, fail)
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, left, interval)
        signal.signal(signal.SIGALRM, outer)
