"""Progress as lines."""

from datetime import UTC, datetime, timedelta

import pytest

from cli.terminal.progress_lines import Lines, duration
from deployer.progress import StackEvent

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def event(status: str, seconds: float = 0, *, reason: str = "", path: str = "Database/Instance") -> StackEvent:
    """Return an event of the database some seconds after noon."""
    return StackEvent(
        path=path, type="AWS::RDS::DBInstance", status=status, reason=reason, time=NOON + timedelta(seconds=seconds)
    )


def test_one_line_per_change() -> None:
    """Each event is one line with time, status, path, type, and at the end how long it took."""
    said: list[str] = []
    lines = Lines(said.append)
    lines.event(event("CREATE_IN_PROGRESS"))
    lines.event(event("CREATE_COMPLETE", 125))
    assert said == [
        "12:00:00  CREATE_IN_PROGRESS          Database/Instance  AWS::RDS::DBInstance",
        "12:02:05  CREATE_COMPLETE             Database/Instance  AWS::RDS::DBInstance  2m05s",
    ]


def test_a_failure_shows_its_reason() -> None:
    """The reason stands on the line of the failure, not on every line."""
    said: list[str] = []
    lines = Lines(said.append)
    lines.event(event("CREATE_IN_PROGRESS", reason="Resource creation Initiated"))
    lines.event(event("CREATE_FAILED", reason="No space"))
    assert "Initiated" not in said[0]
    assert said[1].endswith("No space")


def test_the_root_has_a_name() -> None:
    """Events of the root stack itself are recognisable."""
    said: list[str] = []
    Lines(said.append).event(event("CREATE_COMPLETE", path=""))
    assert "(root)" in said[0]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.9, "0s"), (59, "59s"), (60, "1m00s"), (3599, "59m59s"), (3720, "1h02m")]
)
def test_a_duration_has_minutes_and_seconds(seconds: float, text: str) -> None:
    """Durations are spelt as `2m 5s`, not as fractions."""
    assert duration(seconds) == text
