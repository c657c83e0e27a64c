"""Tests of what an interrupt leaves behind."""

import os
import signal
import threading

import pytest

from cli.terminal.error_handler import report_failure
from cli.terminal.interruption import interruptible


def test_an_interrupt_says_what_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    """The message of the interrupted block reaches the user, and the exit code stays 130."""
    with pytest.raises(KeyboardInterrupt) as interrupt, interruptible("The stack goes on."):
        raise KeyboardInterrupt

    assert report_failure(interrupt.value, []) == 130
    assert capsys.readouterr().err.strip() == "Interrupted. The stack goes on."


def test_a_block_without_interrupt_prints_nothing() -> None:
    """What ends well, or with another failure, passes through unchanged."""
    with pytest.raises(ValueError, match="as it was"), interruptible("The stack goes on."):
        raise ValueError("as it was")


def _press() -> None:
    """Press Ctrl-C."""
    os.kill(os.getpid(), signal.SIGINT)


def _press_twice(went_on: list[str]) -> None:
    with interruptible("The stack goes on.", asks=True):
        _press()
        went_on.append("after the first")
        _press()
        went_on.append("after the second")


def test_one_ctrl_c_asks_and_two_leave(capfd: pytest.CaptureFixture[str]) -> None:
    """What goes on is said before it is left; afterwards Ctrl-C is what it was."""
    before, went_on = signal.getsignal(signal.SIGINT), list[str]()
    with pytest.raises(KeyboardInterrupt, match=r"The stack goes on\."):
        _press_twice(went_on)
    assert went_on == ["after the first"]
    assert "Press Ctrl-C again" in capfd.readouterr().err
    assert signal.getsignal(signal.SIGINT) is before


def test_where_nobody_can_press_twice_one_interrupt_is_enough() -> None:
    """Without a terminal, and in a thread, which has no say about signals."""
    with pytest.raises(KeyboardInterrupt), interruptible("The stack goes on."):
        _press()
    done: list[str] = []

    def run() -> None:
        with interruptible("The stack goes on.", asks=True):
            done.append("ran")

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert done == ["ran"]
