"""Tells which parts of a project changed, by the contents of its files."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from acceptance.development.mirror import FOLDERS

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
        code = [path for path in self.home.iterdir() if path.name not in FOLDERS] if self.home.is_dir() else []
        now = {YAML: _hash([self.yaml]), IMAGE: _hash([self.context]), CODE: _hash(code)}
        changed = frozenset(part for part, value in now.items() if self._seen.get(part) != value)
        self._seen = now
        return changed

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
