"""Reads files of a git revision, without touching the checkout."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from spec.errors import Refusal

_SECONDS = 60


class RevisionRefusal(Refusal):
    """A revision cannot be compared with."""

    exit_code = 2


@dataclass(frozen=True)
class Revision:
    """A commit, read from `folder`: the paths of its files are relative to that."""

    folder: Path
    commit: str

    def text(self, path: str) -> str | None:
        """Return a file of this revision; None where it has none of that name."""
        return _git(self.folder, "show", f"{self.commit}:./{path}")

    def former_name(self, path: str) -> str:
        """Return the name that a file had in this revision, if git sees that it was renamed; else its own."""
        listed = _git(self.folder, "diff", "--relative", "--find-renames", "--name-status", "-z", self.commit) or ""
        words = iter(listed.split("\0"))
        for word in words:
            names = [next(words, ""), next(words, "")] if word.startswith(("R", "C")) else [next(words, "")]
            if word.startswith("R") and names[1] == path:
                return names[0]
        return path

    def names(self, folder: str) -> list[str]:
        """Return the names of the files in a folder of this revision; none where it has no such folder."""
        listed = _git(self.folder, "ls-tree", "--name-only", self.commit, f"./{folder}/")
        return [Path(line).name for line in (listed or "").splitlines()]


def find_revision(yaml: Path, name: str) -> Revision:
    """Return the commit that `name` means in the repository of `yaml`; raises `RevisionRefusal`."""
    folder = yaml.resolve().parent
    if _git(folder, "rev-parse", "--git-dir") is None:
        raise RevisionRefusal(
            f"{name} is no file, and {folder} is in no git repository.",
            next_step="Give --against a YAML, or a revision where git knows the YAML.",
        )
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if commit is None:
        raise RevisionRefusal(
            f"{name} is no file and no revision that git knows here.",
            why="A shallow clone, as most CI jobs make it, lacks other branches.",
            next_step="Fetch it first, such as: git fetch origin main, then --against origin/main",
        )
    return Revision(folder, commit.strip())


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        ran = subprocess.run(
            ["git", "-C", str(folder), *arguments], check=False, capture_output=True, encoding="utf-8", timeout=_SECONDS
        )
    except FileNotFoundError:
        raise RevisionRefusal(
            "git is not installed, and a revision is compared.", next_step="Install git, or give --against a YAML."
        ) from None
    except subprocess.TimeoutExpired:
        raise RevisionRefusal(f"git took more than {_SECONDS} seconds.", next_step="Try it again.") from None
    return ran.stdout if ran.returncode == 0 else None
