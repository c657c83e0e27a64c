"""`windsock versions`: the release table."""

import json

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
