"""`windsock restore`: the moment is one, with its time zone; a branch is refused."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.command_line.parser import UsageRefusal
from cli.verbs.restore import moment_of
from tests.cli.shell import Windsock
from tests.spec.minimal import TEXT


def test_a_moment_has_its_offset_and_whole_seconds() -> None:
    """RDS takes no parts of a second."""
    assert moment_of("2026-11-29T08:30:00.9+01:00") == datetime(2026, 11, 29, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "said", "right"),
    [
        ("yesterday", "'yesterday' is no moment.", "2026-11-29T07:30:00Z"),
        ("2026-11-29T07:30:00", "does not say in which time zone.", "2026-11-29T07:30:00Z for UTC"),
    ],
)
def test_another_moment_is_refused_with_a_right_one(text: str, said: str, right: str) -> None:
    """Before anything is asked of AWS."""
    with pytest.raises(UsageRefusal) as refused:
        moment_of(text)
    assert said in refused.value.what
    assert right in refused.value.next_step


def test_the_environment_of_a_branch_is_refused(checkout: Path, windsock: Windsock) -> None:
    """The YAML, which says where the database comes from, is that of all branches."""
    (checkout / "env.yaml").write_text(TEXT)
    ran = windsock("restore", "env.yaml", "--to", "2026-11-29T07:30:00Z", "--branch", "fix")
    assert ran.code == 2
    assert "each has a database of its own" in ran.err
    assert (checkout / "env.yaml").read_text() == TEXT
