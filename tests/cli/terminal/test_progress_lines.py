"""Progress as lines."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cli.terminal.progress_lines import Lines, duration
from deployer.progress import StackEvent

STACK = "AWS::CloudFormation::Stack"
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def event(status: str, seconds: float = 0, *, reason: str = "", path: str = "Database/Instance") -> StackEvent:
    """Return an event of the database some seconds after noon."""
    return StackEvent(
        path=path, type="AWS::RDS::DBInstance", status=status, reason=reason, time=NOON + timedelta(seconds=seconds)
    )


def stack(status: str, seconds: float = 0, *, path: str = "Database") -> StackEvent:
    """Return an event of a stack some seconds after noon."""
    return StackEvent(path=path, type=STACK, status=status, reason="", time=NOON + timedelta(seconds=seconds))


def test_one_line_per_stack() -> None:
    """With its time and how many resources changed; the resources themselves are left out."""
    said: list[str] = []
    lines = Lines(said.append)
    lines.event(stack("CREATE_IN_PROGRESS", path=""))
    lines.event(stack("CREATE_IN_PROGRESS"))
    lines.event(event("CREATE_IN_PROGRESS"))
    lines.event(event("CREATE_COMPLETE", 120))
    lines.event(stack("CREATE_COMPLETE", 125))
    lines.event(stack("UPDATE_COMPLETE", 125, path="Network"))
    lines.event(stack("CREATE_COMPLETE", 130, path=""))
    assert said == [
        "12:02:05  CREATE_COMPLETE             Database  1 resource  2m05s",
        "12:02:05  UPDATE_COMPLETE             Network  nothing to change  0s",
        "12:02:10  CREATE_COMPLETE             (root)  AWS::CloudFormation::Stack  2m10s",
    ]


def test_a_stack_that_begins_is_told_where_somebody_knows_how_long_it_takes() -> None:
    """Once, however often CloudFormation says that it goes on."""
    said: list[str] = []
    lines = Lines(said.append)
    for seconds in (0, 1):
        lines.event(replace(stack("CREATE_IN_PROGRESS", seconds), about=510))
    assert said == ["12:00:00  CREATE_IN_PROGRESS          Database  about 8m30s"]


def test_with_verbose_one_line_per_change() -> None:
    """Each event is one line with time, status, path, type, and at the end how long it took."""
    said: list[str] = []
    lines = Lines(said.append, verbose=True)
    lines.event(event("CREATE_IN_PROGRESS"))
    lines.event(event("CREATE_COMPLETE", 125))
    assert said == [
        "12:00:00  CREATE_IN_PROGRESS          Database/Instance  AWS::RDS::DBInstance",
        "12:02:05  CREATE_COMPLETE             Database/Instance  AWS::RDS::DBInstance  2m05s",
    ]


def test_a_failure_shows_its_reason() -> None:
    """The reason stands on the line of the failure."""
    said: list[str] = []
    lines = Lines(said.append)
    lines.event(event("CREATE_IN_PROGRESS", reason="Resource creation Initiated"))
    lines.event(event("CREATE_FAILED", reason="No space"))
    (line,) = said
    assert "Database/Instance" in line
    assert line.endswith("No space")


def test_a_phase_says_how_long_it_took() -> None:
    """When it ends, also without another one behind it; one that takes no time needs no word."""
    said: list[str] = []
    moments = iter([0.0, 12.4, 12.4, 12.5, 12.5, 80.0])
    lines = Lines(said.append, clock=lambda: next(moments))
    lines.phase("image", "build")
    lines.phase("code", "")
    lines.phase("stacks", "")
    lines.note("half way")
    lines.end()
    assert said == ["== image: build", "   12s", "== code", "== stacks", "half way", "   1m07s"]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.9, "0s"), (59, "59s"), (60, "1m00s"), (3599, "59m59s"), (3720, "1h02m")]
)
def test_a_duration_has_minutes_and_seconds(seconds: float, text: str) -> None:
    """Durations are spelt as `2m 5s`, not as fractions."""
    assert duration(seconds) == text
