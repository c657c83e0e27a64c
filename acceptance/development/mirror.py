"""Keeps the DAG files of a running environment equal to those of the home, file by file, without an upload."""

import os
import stat
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from compiler.contract import INCLUDE
from deployer.release.code_files import find_code

DAGS = "dags"
FOLDERS = (DAGS, INCLUDE)
"""What Airflow reads anew whenever it parses; it reads all else when it starts."""

_MODE, _PROGRAM = 0o644, 0o755


@dataclass(frozen=True)
class Mirrored:
    """The paths of files, below the home, that are new or changed, and of those that are gone; and what is no code."""

    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


@dataclass(kw_only=True)
class Mirror:
    """The files of `home` in `folder`, where this machine has the current release of the environment."""

    home: Path
    folder: Path
    _release: Path = field(default_factory=Path)
    _seen: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    def update(self) -> Mirrored:
        """Copy what changed, and remove what is gone. A file is never seen half written."""
        if self._release != self.folder.resolve():  # another release is current, and may have been edited before
            self._release = self.folder.resolve()
            self._seen.clear()
        found = find_code(self.home, FOLDERS, ())
        paths = {path.relative_to(self.home).as_posix(): path for path in found.paths}
        changed = tuple(name for name, path in paths.items() if self._copy(name, path))
        gone = sorted(self._there() - paths.keys())
        for name in gone:
            self._place(name).unlink(missing_ok=True)
            self._seen.pop(name, None)
        return Mirrored(changed, tuple(gone), tuple(found.refused))

    def touch(self, names: Iterable[str]) -> None:
        """Let Airflow parse files again although they did not change."""
        for name in names:
            if self._place(name).exists():
                os.utime(self._place(name))

    def users_of(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the Python files that mention these files by their names, or mention others that do."""
        texts = {
            name: self._place(name).read_text("utf-8", "replace") for name in self._there() if name.endswith(".py")
        }
        asked = {PurePosixPath(name).stem for name in names}
        users: set[str] = set()
        while more := {name for name in texts.keys() - users if any(stem in texts[name] for stem in asked)}:
            users |= more
            asked = {PurePosixPath(name).stem for name in more}
        return tuple(sorted(users))

    def names(self) -> tuple[str, ...]:
        """Return the names of all files that are there."""
        return tuple(sorted(self._there()))

    def text(self, name: str) -> str:
        """Return what a file says now; nothing where it is gone."""
        place = self._place(name)
        return place.read_text("utf-8", "replace") if place.exists() else ""

    def _there(self) -> set[str]:
        """Return the names of the files that the folder has."""
        places = {name: self._place(name) for name in FOLDERS}
        return {
            f"{name}/{path.relative_to(place).as_posix()}"
            for name, place in places.items()
            for path in place.rglob("*")
            if path.is_file()
        }

    def _place(self, name: str) -> Path:
        return self.folder / name

    def _copy(self, name: str, path: Path) -> bool:
        """Copy a file unless it is there; return whether anything changed."""
        try:
            status = path.stat()
            mode = _PROGRAM if status.st_mode & stat.S_IXUSR else _MODE
            stamp = (status.st_mtime_ns, status.st_size, mode)
            if self._seen.get(name) == stamp:
                return False
            content = path.read_bytes()
        except FileNotFoundError:  # an editor replaces it right now, and the next look finds it
            return False
        self._seen[name] = stamp
        place = self._place(name)
        if place.is_file() and place.read_bytes() == content:
            changed = stat.S_IMODE(place.stat().st_mode) != mode
            place.chmod(mode)
            return changed
        place.parent.mkdir(parents=True, exist_ok=True)
        _write(place, content, mode)
        return True


def _write(place: Path, content: bytes, mode: int) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=place.parent, prefix=".")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        os.fchmod(descriptor, mode)
    Path(temporary).replace(place)
