"""`windsock versions`: the release table."""

import json
from pathlib import Path

import pytest

from spec.releases.table import RELEASES
from tests.cli.shell import Windsock


def test_the_table_has_a_line_per_release(windsock: Windsock) -> None:
    """Every release is a line on stdout."""
    ran = windsock("versions")
    assert ran.code == 0
    assert [line.split()[0] for line in ran.out.splitlines()[1:]] == list(RELEASES)


def test_the_json_marks_the_newest_release(windsock: Windsock) -> None:
    """--json gives the same to programs, and marks the newest."""
    rows = json.loads(windsock("versions", "--json").out)
    assert [row["version"] for row in rows] == list(RELEASES)
    assert [row["newest"] for row in rows] == [False] * (len(rows) - 1) + [True]


@pytest.mark.usefixtures("own_releases")
def test_releases_of_the_folder_are_listed_with_what_was_rehearsed(windsock: Windsock, checkout: Path) -> None:
    """A Python in brackets has pins alone."""
    (checkout / "releases").mkdir()
    facts = {"version": "2.10.5", "released": "2025-02-10", "pythons": {"3.9": False}, "databases": {}}
    (checkout / "releases" / "airflow-2.10.5.json").write_text(json.dumps(facts))
    assert "(3.9), 3.11" in windsock("versions").out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("add",), "windsock versions add takes a release"),
        (("list", "2.9.3"), "windsock versions list takes none"),
        (("add", "newest"), "'newest' is no version of Airflow"),
    ],
)
def test_a_command_line_that_names_no_release_is_refused(
    windsock: Windsock, words: tuple[str, ...], message: str
) -> None:
    """With what would be right."""
    ran = windsock("versions", *words)
    assert ran.code == 2
    assert message in ran.err
