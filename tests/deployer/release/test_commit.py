"""The commit of a home is told only where the code is exactly that commit."""

import os
import subprocess
from pathlib import Path

from deployer.release.commit import commit_of


def _git(folder: Path, *arguments: str) -> str:
    who = {f"GIT_{role}_{part}": "a@example.com" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    ran = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **who, "GIT_CONFIG_GLOBAL": "/dev/null"},
    )
    return ran.stdout.strip()


def test_a_clean_home_is_a_commit_and_a_changed_one_is_none(tmp_path: Path) -> None:
    """A file that git does not know is a change too; files beside the home are none of it."""
    home = tmp_path / "home"
    home.mkdir()
    assert commit_of(home) == ""
    _git(tmp_path, "init", "--quiet")
    (home / "one.py").write_text("x = 1\n")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "--quiet", "--message", "One")
    (tmp_path / "notes.txt").write_text("beside\n")
    assert commit_of(home) == _git(tmp_path, "rev-parse", "HEAD")
    (home / "two.py").write_text("x = 2\n")
    assert commit_of(home) == ""
