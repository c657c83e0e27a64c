"""Whoever deploys an older commit than a colleague has released hears of it."""

import subprocess
from pathlib import Path

import pytest

from deployer.releases.age import tell_older
from deployer.releases.manifest import Manifest
from tests.deployer.fakes.observed import CODE
from tests.deployer.fakes.session import Recorder


def _git(home: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "commit.gpgsign=false")
    ran = subprocess.run(["git", "-C", str(home), *identity, *arguments], check=True, capture_output=True, text=True)
    return ran.stdout.strip()


@pytest.fixture
def commits(tmp_path: Path) -> tuple[str, str]:
    """Make a repository with two commits, and return them."""
    _git(tmp_path, "init", "--quiet")
    made = []
    for word in ("first", "second"):
        _git(tmp_path, "commit", "--quiet", "--allow-empty", "-m", word)
        made.append(_git(tmp_path, "rev-parse", "HEAD"))
    return made[0], made[1]


def _told(home: Path, mine: str, deployed: str) -> list[str]:
    progress = Recorder()
    released = Manifest(release="r", version="v", commit=deployed, by="ann", at="2026-11-28T12:00:00+00:00")
    tell_older(home, CODE._replace(commit=mine), released, progress)
    return progress.notes


def test_an_older_commit_is_told_with_who_released_the_newer_one(tmp_path: Path, commits: tuple[str, str]) -> None:
    """And with what brings it here."""
    (note,) = _told(tmp_path, *commits)
    assert f"ann released commit {commits[1][:12]} at 2026-11-28" in note
    assert "git pull" in note


def test_a_newer_commit_the_same_and_an_unknown_one_are_not_told(tmp_path: Path, commits: tuple[str, str]) -> None:
    """Nor code that is no commit."""
    first, second = commits
    assert _told(tmp_path, second, first) == []
    assert _told(tmp_path, first, first) == []
    assert _told(tmp_path, first, "0" * 40) == []
    assert _told(tmp_path, "", second) == []


def test_a_first_release_is_older_than_nothing(tmp_path: Path) -> None:
    """Nothing is deployed yet."""
    progress = Recorder()
    tell_older(tmp_path, CODE, None, progress)
    assert progress.notes == []
