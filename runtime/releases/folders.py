"""Folders of releases on the disk of a container: imported from, seen as new, and deleted once nobody uses them."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from pathlib import Path

IMPORTED = ("dags", "include")
"""Folders whose modules DAGs import by the name of the folder."""

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
    """Keep a release on the disk until the process ends, and those that it forks. Raises `OSError` if it is gone."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    if not os.path.samestat(os.fstat(descriptor), folder.stat()):
        raise FileNotFoundError(folder)
    return descriptor


def forget_old(versions: Path, current: Path) -> None:
    """Delete the oldest releases that are neither current nor held."""
    folders = sorted(
        (path for path in versions.iterdir() if not path.name.startswith(".")), key=lambda path: path.stat().st_mtime
    )
    for folder in folders[:-KEPT]:
        if folder != current:
            _delete_unheld(folder)


def _delete_unheld(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    else:
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(descriptor)
