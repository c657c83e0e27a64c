"""Lays the current release of the bucket on the file system that containers mount, and switches one link to it.

`python -m windsock_runtime.releases.sync KEEP DAYS [FORMER...]` runs in a container of its own. Whoever looks sees the
old release or the new one, never a part of both; one that dies is completed by the next. It keeps the newest KEEP
releases, those that were current in the last DAYS days, and those that a process holds. FORMER are folders that an
earlier Windsock filled with files; they are emptied when they were not read for that long.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import time
from pathlib import Path

from ..fetch_release import link
from ..release_store import DRAFT, ReleaseError, current_version, release_of, unpack
from .folders import GONE, delete, forget_old, releases_in, touch
from .shared import CURRENT, linked_release, note_version, shared_folder

DAY = 86400.0
LOCK = ".sync"


def main() -> None:
    """Bring the file system to the current release, then clear away."""
    keep, days, *former = sys.argv[1:]
    releases = shared_folder()
    if releases is None:
        raise ReleaseError("No file system is mounted for releases.")
    with (releases / LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        bring(releases)
        unused_since = time.time() - int(days) * DAY
        forget_old(releases, releases / linked_release(releases), keep=int(keep), unused_since=unused_since)
        clear(releases, list(map(Path, former)), unused_since)


def bring(releases: Path) -> None:
    """Let the link lead to what the bucket says is current, also where that changes meanwhile."""
    while (release := release_of(version := current_version())) != _linked(releases):
        folder = releases / release
        if folder.exists():
            touch(folder)
        else:
            unpack(release, folder)
        note_version(folder, version)
        os.utime(folder)
        link(releases / CURRENT, Path(release))
        sys.stdout.write(f"Release {release} is current.\n")


def clear(releases: Path, former: list[Path], unused_since: float) -> None:
    """Delete what dead syncs left behind and, once it is old enough, what an earlier Windsock did."""
    for path in (*releases.glob(f"{DRAFT}*"), *releases.glob(f"{GONE}*")):
        shutil.rmtree(path, ignore_errors=True)
    laid = releases_in(releases)
    if laid[0].stat().st_mtime >= unused_since:
        return
    own = {releases / name for name in (CURRENT, LOCK)} | set(laid)
    for folder in (releases, *former):
        for path in folder.iterdir():
            if path not in own:
                delete(path)


def _linked(releases: Path) -> str:
    try:
        return linked_release(releases)
    except ReleaseError:
        return ""


if __name__ == "__main__":
    main()
