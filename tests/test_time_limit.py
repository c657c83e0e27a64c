"""Every wait in a test is bounded."""

import signal
import subprocess
import sys
import threading
import time

import pytest

from tests.time_limit import time_limit


def test_a_wait_that_never_ends_fails() -> None:
    """The failure names the limit."""
    with pytest.raises(pytest.fail.Exception, match=r"longer than 0\.1 s"), time_limit(0.1):
        threading.Event().wait()


def test_a_context_that_waits_while_it_is_left_is_interrupted_too() -> None:
    """`Popen` waits without a limit when its block is left, also by a failure."""
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    with pytest.raises(pytest.fail.Exception), time_limit(0.1), sleeper:
        sleeper.wait()
    sleeper.kill()
    assert sleeper.wait(10) == -signal.SIGKILL


def test_an_outer_limit_goes_on() -> None:
    """A shorter limit inside a longer one does not end it."""
    with pytest.raises(pytest.fail.Exception, match=r"longer than 0\.3 s"), time_limit(0.3):
        _wait_in_a_shorter_limit()


def _wait_in_a_shorter_limit() -> None:
    with time_limit(0.1):
        pass
    time.sleep(10)


def test_each_test_has_a_limit() -> None:
    """This one too: its timer runs."""
    left, _ = signal.getitimer(signal.ITIMER_REAL)
    assert 0 < left <= 300
