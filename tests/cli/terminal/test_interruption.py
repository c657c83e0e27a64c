"""Tests of what an interrupt leaves behind."""

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
