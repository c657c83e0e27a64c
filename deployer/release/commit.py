"""Asks git which commit the code of a home is."""

from pathlib import Path

_GIT_SECONDS = 30


def commit_of(home: Path) -> str:
    """Return the commit that the code is, or nothing: without git, or where files differ from it."""
    commit, changed = _git(home, "rev-parse", "HEAD"), _git(home, "status", "--porcelain", "--", ".")
    return commit.strip() if commit and changed == "" else ""


def is_behind(home: Path, commit: str, other: str) -> bool:
    """Return whether a commit is one of those that another has built on; False where git does not know both."""
    return bool(commit) and commit != other and _git(home, "merge-base", "--is-ancestor", commit, other) is not None


def _git(home: Path, *arguments: str) -> str | None:
    import subprocess  # noqa: PLC0415  # a compile reads the code, and asks for no commit

    try:
        ran = subprocess.run(
            ["git", "-C", str(home), *arguments], check=False, capture_output=True, text=True, timeout=_GIT_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return ran.stdout if ran.returncode == 0 else None
