"""The `ttl` key: durations within bounds, and never with state that must be kept."""

from datetime import timedelta

import pytest

from spec.sections.ttl import read_duration
from tests.spec.minimal import minimal, refused


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("10m", timedelta(minutes=10)),
        ("12h", timedelta(hours=12)),
        ("3d", timedelta(days=3)),
        ("2w", timedelta(weeks=2)),
        ("365d", timedelta(days=365)),
    ],
)
def test_durations_are_read(text: str, duration: timedelta) -> None:
    """In minutes, hours, days and weeks, both bounds included."""
    assert read_duration(text) == duration
    assert minimal(more=f"ttl: {text}\n").ttl == text


def test_without_a_ttl_there_is_no_duration() -> None:
    """An environment expires only if its YAML has a ttl."""
    assert minimal().ttl is None


@pytest.mark.parametrize("text", ["9m", "366d", "53w", "0d", "3", "-1d", "3 d", "1.5h", "3D", "P3D", "forever"])
def test_other_durations_are_refused(text: str) -> None:
    """Too short, too long, or no duration at all: at its line, with what would be right."""
    fault = refused(more=f'ttl: "{text}"\n')
    assert (fault.path, fault.line) == ("ttl", 5)
    assert fault.hint


def test_a_ttl_is_refused_with_protect() -> None:
    """`protect: true` and a ttl contradict each other."""
    fault = refused(more="ttl: 3d\nprotect: true\n")
    assert (fault.path, fault.hint) == ("ttl", "remove ttl, or set protect: false")


def test_a_ttl_is_refused_with_task_logs_in_s3() -> None:
    """CloudFormation deletes no bucket with objects, and nothing empties this one."""
    fault = refused(more="ttl: 3d\nlogs: {remote: s3}\n")
    assert fault.path == "logs.remote"
    assert "cloudwatch" in fault.hint
