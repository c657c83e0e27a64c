"""Caches which YAML compiled to which templates, so that an unchanged one costs no time."""

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from cli.terminal.version import VERSION
from compiler.templates_out import read_templates

_HERE = Path(__file__).parents[2]
_PACKAGES = ("cli", "compiler", "deployer", "pricing", "spec")
"""Where the programs are that make templates and notices, with the facts that they read."""
_KINDS = (".py", ".json", ".yaml")


class CompileResult(NamedTuple):
    """The result of compiling a YAML: the environment's name, the SHA-256 of each template, and the notices.

    `other_files` has a hash of each further file or folder on which templates and notices depend; empty where nothing
    is.
    """

    name: str
    files: dict[str, str]
    notices: tuple[str, ...]
    other_files: dict[str, str]

    def holds(self, folder: Path) -> bool:
        """Whether `folder` has exactly these templates, and the notices are still the same."""
        if folder.is_symlink() or folder.parent.is_symlink():
            return False
        try:
            there = {name: _digest(text) for name, text in read_templates(folder, self.name, self.files).items()}
        except OSError:
            return False
        return there == self.files and self.other_files == _digests(map(Path, self.other_files))


def result_of(
    name: str, files: Mapping[str, str], notices: Iterable[str], other_files: Iterable[Path] = ()
) -> CompileResult:
    """Return the result for templates that were just compiled without a finding."""
    templates = {file: _digest(text.encode()) for file, text in files.items()}
    return CompileResult(name=name, files=templates, notices=tuple(notices), other_files=_digests(other_files))


def load_result(cache: Path, key: str) -> CompileResult | None:
    """Return the cached result under `key`, if it is readable."""
    try:
        found = json.loads((cache / f"{key}.json").read_text(encoding="utf-8"))
        return CompileResult(
            name=str(found["name"]),
            files=dict(found["files"]),
            notices=tuple(found["notices"]),
            other_files=dict(found["other_files"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None  # a cache may be gone or damaged at any time


def store_result(cache: Path, key: str, result: CompileResult) -> None:
    """Cache a result; a cache that cannot be written is no failure."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        fresh = cache / f"{key}.{hashlib.sha256(key.encode()).hexdigest()[:8]}.new"
        fresh.write_text(json.dumps(result._asdict()), encoding="utf-8")
        fresh.replace(cache / f"{key}.json")
    except OSError:
        return


def cache_key(path: Path, *, linted: bool, here: Path = _HERE) -> str | None:
    """Return one hash of everything that the result depends on; None when the file cannot be read.

    `here` is the folder with the packages of Windsock.
    """
    try:
        content = path.read_bytes()
    except (OSError, ValueError):
        return None
    parts = [VERSION, sys.version, str(path), str(linted), programs(here, linted=linted)]
    return _digest("\0".join(parts).encode(errors="surrogateescape") + b"\0" + content)


def program_files(here: Path) -> Iterator[os.DirEntry[str]]:
    """Yield the programs that make templates and notices, with their facts; `here` has Windsock's packages."""
    for package in _PACKAGES:
        yield from _files_of(os.path.join(here, package))  # noqa: PTH118  # see _files_of


def _files_of(folder: str) -> Iterator[os.DirEntry[str]]:
    """Yield the files of a package; to make a Path for each of hundreds of them takes its time."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name.endswith(_KINDS):
                yield entry
            elif entry.name != "__pycache__" and entry.is_dir():
                yield from _files_of(entry.path)


@cache
def programs(here: Path, *, linted: bool) -> str:
    """Stand for the programs below `here` as a process met them: those that it has loaded, whatever becomes of them."""
    return "\0".join(_stamps(here, linted=linted))


def _stamps(here: Path, *, linted: bool) -> Iterator[str]:
    """Stand for the programs that compile and lint: their files' sizes and times, without importing them."""
    for entry in program_files(here):
        yield _stamp(entry.path, entry.stat())
    libraries = ("troposphere", "pydantic", "yaml", *(("cfnlint",) if linted else ()))
    for path in (Path(found.origin) for name in libraries if (found := find_spec(name)) and found.origin):
        yield _stamp(str(path), path.stat())


def _stamp(path: str, status: os.stat_result) -> str:
    return f"{path}:{status.st_mtime_ns}:{status.st_size}"


def _digests(paths: Iterable[Path]) -> dict[str, str]:
    return {str(path): _digest_of(path) for path in paths}


def _digest_of(path: Path) -> str:
    """Return a hash of a file's content, or of names, sizes and times in a folder; empty where nothing is."""
    if path.is_file():
        return _digest(path.read_bytes())
    total = hashlib.sha256()
    for folder, folders, files in os.walk(path, followlinks=True):
        folders[:] = sorted(name for name in folders if name != "__pycache__" and not name.startswith("."))
        for name in sorted(files):
            file = os.path.join(folder, name)  # noqa: PTH118  # a Path for each of thousands of files takes its time
            status = os.stat(file, follow_symlinks=os.path.exists(file))  # noqa: PTH110, PTH116  # see above
            total.update(f"{file}\0{status.st_mtime_ns}\0{status.st_size}\n".encode(errors="surrogateescape"))
    return total.hexdigest() if path.is_dir() else ""


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
