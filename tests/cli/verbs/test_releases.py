"""`windsock releases`: one line each, as people read it."""

from datetime import UTC, datetime, timedelta

import pytest

from cli.verbs.releases import _row
from deployer.releases.manifest import Manifest
from deployer.rollback import KnownRelease

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "words"),
    [(timedelta(seconds=5), "just now"), (timedelta(minutes=7), "7 min"), (timedelta(days=3, hours=2), "3 d")],
)
def test_a_line_says_age_commit_author_and_runs(age: timedelta, words: str) -> None:
    """What is not there is left out."""
    manifest = Manifest(release="f" * 40, version="v", commit="c" * 40, by="user/alice", at=(NOW - age).isoformat())
    line = _row(KnownRelease(manifest=manifest, current=True, runs=2), NOW)
    assert line == ("f" * 12, f"{words}, commit {'c' * 12}, user/alice, 2 running, current")


def test_code_that_was_no_commit_says_so() -> None:
    """Nothing runs on it."""
    manifest = Manifest(release="f" * 40, version="v", at=NOW.isoformat())
    assert _row(KnownRelease(manifest=manifest, current=False, runs=0), NOW)[1] == "just now, no commit"
