"""`windsock logs`: which lines, and how far back."""

import pytest

from cli.command_line.parser import UsageRefusal
from cli.verbs.logs import seconds_of
from tests.cli.shell import Windsock


@pytest.mark.parametrize(("text", "seconds"), [("30s", 30), ("10m", 600), ("2h", 7200), ("3d", 259200)])
def test_an_age_is_read_with_its_unit(text: str, seconds: float) -> None:
    """Ages such as `2h` are read."""
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "10", "m", "-5m", "1.5h", "10 m", "1w", "9" * 20 + "s"])
def test_any_other_age_is_refused(text: str) -> None:
    """Anything else is refused with examples."""
    with pytest.raises(UsageRefusal, match="30s, 10m, 2h or 3d"):
        seconds_of(text)


def test_follow_needs_a_process(windsock: Windsock) -> None:
    """Following all processes is refused before any call, with the processes to choose from."""
    ran = windsock("logs", "env.yaml", "--follow")
    assert ran.code == 2
    assert "webserver, scheduler" in ran.err
