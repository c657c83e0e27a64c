"""Tells which parts of a project changed, by the contents of its files."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from acceptance.development.mirror import FOLDERS
from compiler.contract import CODE_FOLDERS, INCLUDE, WEBSERVER_CONFIG

YAML, IMAGE, CODE = "yaml", "image", "code"
"""The parts: the environment YAML, what the image is built from, and the code that Airflow reads when it starts."""

_NO_CODE = ("__pycache__", ".git")


@dataclass(kw_only=True)
class Project:
    """The files of an environment: its YAML, the folder of its image, and the home with its code."""

    yaml: Path
    context: Path
    home: Path
    _seen: dict[str, str] = field(default_factory=dict)

    def changed(self) -> frozenset[str]:
        """Return the parts that are not what they were at the last call; at the first all of them."""
        now = {YAML: _hash([self.yaml]), IMAGE: _hash([self.context]), CODE: _hash(self._code)}
        changed = frozenset(part for part, value in now.items() if self._seen.get(part) != value)
        self._seen = now
        return changed

    @property
    def folders(self) -> frozenset[Path]:
        """The folders in which changes count, as far as there are any; a link is followed to where it leads."""
        home = [self.home / name for name in (*CODE_FOLDERS, INCLUDE)]
        linked = [path.resolve() for folder in home for path in folder.rglob("*") if path.is_symlink()]
        return frozenset(path for path in (self.context, *home, *linked) if path.is_dir())

    @property
    def files(self) -> tuple[Path, ...]:
        """The files beside those folders in which changes count."""
        return self.yaml, self.home / WEBSERVER_CONFIG

    @property
    def _code(self) -> tuple[Path, ...]:
        return (*(self.home / name for name in CODE_FOLDERS if name not in FOLDERS), self.home / WEBSERVER_CONFIG)

    def name_of(self, part: str) -> str:
        """Return a part as its author knows it."""
        return {YAML: self.yaml.name, IMAGE: f"{self.context.name}/", CODE: f"{self.home.name}/"}[part]


def _hash(paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        for file in _files(path):
            try:
                content = file.read_bytes()
            except OSError:  # it was replaced right now, and the next look finds it
                continue
            total.update(f"{file}\0{len(content)}\0".encode(errors="surrogateescape") + content)
    return total.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for file in sorted(path.rglob("*")):
        if file.is_file() and not any(part in _NO_CODE for part in file.parts):
            yield file
