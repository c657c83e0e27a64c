"""Bounds the cache: of what was built for rehearsals, the newest stay, and what a rehearsal still uses."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from rehearsal.emulator.containers import image_store
from rehearsal.images.virtualenvs import exclusive

FRESH_SECONDS = 3600.0
"""What was built or found less than this ago may be used by a rehearsal that has not registered it yet."""


def remove_unused(cache: Path, pattern: str, newest: int, sessions: Path) -> None:
    """Remove the folders of a pattern that were used before the newest, unless a session below `sessions` has them.

    Only this user's; and none while there are sessions of others, which nobody else can read.
    """
    moments = dict(_own_folders(cache, pattern))
    found = sorted(moments, key=lambda folder: moments[folder], reverse=True)
    old = [folder for folder in found[newest:] if moments[folder] < time.time() - FRESH_SECONDS]
    used = _used(sessions)
    for folder in old:
        if used is not None and str(folder) not in used:
            with exclusive(cache / f"{folder.name}.lock"):
                _remove(folder)


def _own_folders(cache: Path, pattern: str) -> Iterator[tuple[Path, float]]:
    """Yield this user's folders, each with the moment when it was used last."""
    for path in cache.glob(pattern):
        with suppress(FileNotFoundError):  # somebody else removes it right now
            status = path.stat()
            if path.is_dir() and status.st_uid == os.getuid() and not path.name.endswith(".partial"):
                yield path, status.st_mtime


def _used(sessions: Path) -> str | None:
    """Return a text with the names of all that sessions have; None when one cannot be read."""
    texts = []
    for session in sessions.iterdir() if sessions.is_dir() else ():
        try:
            texts.append((session / image_store.FILE_NAME).read_text(encoding="utf-8"))
        except FileNotFoundError:  # it has ended, or has no image yet
            continue
        except OSError:
            return None
    return "".join(texts)


def _remove(folder: Path) -> None:
    """Remove a folder, also with folders in it that nobody may write to; what is somebody else's stays."""
    for place, _, _ in os.walk(folder):
        with suppress(OSError):
            Path(place).chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
