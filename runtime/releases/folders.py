"""Folders of releases on the disk of a container: imported from, seen as new, and deleted once nobody uses them."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from contextlib import suppress
from itertools import pairwise
from math import inf
from pathlib import Path

from ..release_store import LOCK

IMPORTED = ("dags", "include")
"""Folders whose modules DAGs import by the name of the folder."""

GONE = ".gone-"
"""Begins the name of what is being deleted."""

KEPT = 20
"""How many releases stay on the disk, besides those that a process uses."""


def import_from(folder: Path, versions: Path, dags: Path | None = None) -> None:
    """Let Python find the modules of this release before those of any other, also of those it has imported already.

    `dags` is the link to the DAGs of some release, where there is one: its modules are those of this release then.
    """
    links = {} if dags is None else {str(dags): str(folder / dags.name)}
    others = [links.get(path, path) for path in sys.path if not Path(path).is_relative_to(versions)]
    sys.path[:] = [str(folder), str(folder / "config"), *others]
    for name, module in list(sys.modules.items()):
        file = Path(getattr(module, "__file__", None) or next(iter(getattr(module, "__path__", ())), ""))
        linked = dags is not None and file.is_relative_to(dags)
        if linked or (name.partition(".")[0] in IMPORTED and not file.is_relative_to(folder)):
            del sys.modules[name]


def touch(folder: Path) -> None:
    """Let Airflow parse every file again: it looks at those that are younger than its last look."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            os.utime(path)


def hold(folder: Path) -> int:
    """Keep a release on the disk until the process ends, and those that it forks. Raises `OSError` if it is gone.

    The lock is on a file, since NFS keeps locks on folders to one machine.
    """
    descriptor = os.open(folder / LOCK, os.O_RDONLY)
    with suppress(OSError):  # a file system without locks keeps releases by their age alone
        fcntl.flock(descriptor, fcntl.LOCK_SH)
    if not os.path.samestat(os.fstat(descriptor), (folder / LOCK).stat()):
        os.close(descriptor)
        raise FileNotFoundError(folder)
    return descriptor


def releases_in(versions: Path) -> list[Path]:
    """Return the folders of releases, in the order in which they became current."""
    named = (path for path in versions.iterdir() if not path.name.startswith(".") and not path.is_symlink())
    found = (path for path in named if (path / LOCK).exists())
    return sorted(found, key=lambda path: path.stat().st_mtime)


def forget_old(versions: Path, current: Path, *, keep: int = KEPT, unused_since: float = inf) -> None:
    """Delete releases that are neither current nor held nor among the newest, which `keep` counts.

    One that was current after `unused_since`, a time as `stat` has it, stays as well.
    """
    folders = releases_in(versions)
    for folder, successor in pairwise(folders[: max(0, len(folders) - keep + 1)]):
        if folder != current and successor.stat().st_mtime < unused_since:
            _delete_unheld(folder)


def _delete_unheld(folder: Path) -> None:
    with (folder / LOCK).open("rb+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # it is held, or the file system cannot tell
            return
        delete(folder)


def delete(path: Path) -> None:
    """Delete a file or folder at one blow: nobody sees half of it, not even if this process dies."""
    gone = path.with_name(f"{GONE}{path.name}")
    path.replace(gone)
    if gone.is_dir() and not gone.is_symlink():
        shutil.rmtree(gone, ignore_errors=True)
    else:
        gone.unlink()
