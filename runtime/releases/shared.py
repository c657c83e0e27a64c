"""Releases on a file system that containers mount: a folder for each, and one link that says which is current."""

from __future__ import annotations

import os
from pathlib import Path

from ..release_store import ReleaseError

FOLDER_VARIABLE = "WINDSOCK_RELEASES_FOLDER"
CURRENT = "current"
VERSION = ".version"
"""The file of a release with its name as Airflow shows it, where the commit stands before the hash."""


def shared_folder() -> Path | None:
    """Return where the releases of the file system are; None where each container fetches its own."""
    folder = os.environ.get(FOLDER_VARIABLE)
    return Path(folder) if folder else None


def linked_release(folder: Path) -> str:
    """Return the release that the link leads to. Raises `ReleaseError` where none was ever laid there."""
    try:
        return str((folder / CURRENT).readlink())
    except FileNotFoundError as error:
        raise ReleaseError(f"The file system has no release in {folder}: run `windsock push`.") from error


def linked_version(folder: Path) -> str:
    """Return the same as Airflow shows it. Raises `ReleaseError` as above."""
    release = linked_release(folder)
    try:
        return (folder / release / VERSION).read_text(encoding="utf-8")
    except FileNotFoundError:  # an earlier Windsock laid it there
        return release


def note_version(folder: Path, version: str) -> None:
    """Note the version in the folder of its release, before a link leads there."""
    draft = folder / f"{VERSION}-draft"
    draft.write_text(version, encoding="utf-8")
    draft.replace(folder / VERSION)
