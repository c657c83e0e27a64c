"""Remembers which YAML compiled, without a finding, to which bytes, so that an unchanged one costs no time at all."""

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

from cli.terminal.version import VERSION
from compiler.templates_out import read_templates

_ROOMS = ("spec", "compiler")


@dataclass(frozen=True)
class Verdict:
    """What compiling a YAML gave: the environment's name, the SHA-256 of each template, and what to tell.

    `beside` has the SHA-256 of each further file on which it depends what is to be told; none of one that is not there.
    """

    name: str
    files: dict[str, str]
    notices: tuple[str, ...]
    beside: dict[str, str]

    def holds(self, folder: Path) -> bool:
        """Whether `folder` has exactly these templates, and nothing else is to be told."""
        if folder.is_symlink() or folder.parent.is_symlink():
            return False
        try:
            there = {name: _digest(text) for name, text in read_templates(folder, self.name, self.files).items()}
        except OSError:
            return False
        return there == self.files and self.beside == _digests(map(Path, self.beside))


def verdict_of(name: str, files: Mapping[str, str], notices: Iterable[str], beside: Iterable[Path] = ()) -> Verdict:
    """Return the verdict on templates that were just compiled and found sound."""
    templates = {file: _digest(text.encode()) for file, text in files.items()}
    return Verdict(name, templates, tuple(notices), _digests(beside))


def remembered(cache: Path, key: str) -> Verdict | None:
    """Return the verdict under `key`, if there is a readable one."""
    try:
        found = json.loads((cache / f"{key}.json").read_text(encoding="utf-8"))
        return Verdict(str(found["name"]), dict(found["files"]), tuple(found["notices"]), dict(found["beside"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None  # a cache may be gone or damaged at any time


def remember(cache: Path, key: str, verdict: Verdict) -> None:
    """Keep a verdict; a cache that cannot be written is no failure."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        fresh = cache / f"{key}.{hashlib.sha256(key.encode()).hexdigest()[:8]}.new"
        fresh.write_text(json.dumps(asdict(verdict)), encoding="utf-8")
        fresh.replace(cache / f"{key}.json")
    except OSError:
        return


def key_of(path: Path, *, linted: bool) -> str | None:
    """Return what the verdict on this YAML depends on, as one hash; None when the file cannot be read."""
    try:
        content = path.read_bytes()
    except (OSError, ValueError):
        return None
    parts = [VERSION, sys.version, str(path), str(linted), *_stamps(linted=linted)]
    return _digest("\0".join(parts).encode(errors="surrogateescape") + b"\0" + content)


def _stamps(*, linted: bool) -> Iterable[str]:
    """Stand for the programs that compile and lint: their files' sizes and times, without importing them."""
    here = Path(__file__).parents[2]
    sources = [path for room in _ROOMS for path in sorted((here / room).rglob("*.py"))]
    packages = ("troposphere", "pydantic", "yaml", *(("cfnlint",) if linted else ()))
    sources += [Path(found.origin) for name in packages if (found := find_spec(name)) and found.origin]
    for path in sources:
        stat = path.stat()
        yield f"{path}:{stat.st_mtime_ns}:{stat.st_size}"


def _digests(paths: Iterable[Path]) -> dict[str, str]:
    return {str(path): _digest(path.read_bytes()) if path.is_file() else "" for path in paths}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
