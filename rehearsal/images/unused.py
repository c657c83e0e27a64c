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
    """Remove the folders of a pattern that were used before the newest, unless a session below `sessions` has them."""
    found = sorted(_folders(cache, pattern), key=lambda folder: folder.stat().st_mtime, reverse=True)
    old = [folder for folder in found[newest:] if folder.stat().st_mtime < time.time() - FRESH_SECONDS]
    used = "".join(file.read_text(encoding="utf-8") for file in sessions.glob(f"*/{image_store.FILE_NAME}"))
    for folder in old:
        if str(folder) not in used:
            with exclusive(cache / f"{folder.name}.lock"):
                _remove(folder)


def _folders(cache: Path, pattern: str) -> Iterator[Path]:
    return (path for path in cache.glob(pattern) if path.is_dir() and not path.name.endswith(".partial"))


def _remove(folder: Path) -> None:
    """Remove a folder, also with folders in it that nobody may write to; what is somebody else's stays."""
    for place, _, _ in os.walk(folder):
        with suppress(OSError):
            Path(place).chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
