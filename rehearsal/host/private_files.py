"""Folders and files that only the user who runs the rehearsal reads: they hold its keys and what it stores."""

from pathlib import Path

FOLDER_MODE, FILE_MODE = 0o700, 0o600
UMASK = 0o077
"""For a process that writes nothing for other users."""


def make_folder(path: Path) -> None:
    """Make a folder, with all that lead to it, or make an existing one private."""
    path.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
    path.chmod(FOLDER_MODE)


def write_text(path: Path, text: str) -> None:
    """Write a file, or replace what is in it."""
    path.touch(FILE_MODE)
    path.write_text(text, encoding="utf-8")
