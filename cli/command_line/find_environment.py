"""Finds the environment YAML of a command line that names none: here, or in a folder above."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from spec.errors import Refusal

DEFAULT = "env.yaml"

_SUFFIXES = (".yaml", ".yml")
_SECTIONS = tuple(rf"(?m)^{key}:" for key in ("name", "aws", "airflow"))
"""Every environment has these keys, and a file that lacks one is something else."""

_LARGEST = 256 * 1024


class NoEnvironment(Refusal):
    """No environment YAML is named, and it is not clear which one is meant."""

    exit_code = 2


def find_environment(start: Path) -> Path:
    """Return the only environment YAML of `start`, or else of the nearest folder above; raises `NoEnvironment`.

    The search ends with the git checkout. The path is relative to `start`.
    """
    for folder in _upwards(start.absolute()):
        found = environments_in(folder)
        if len(found) == 1:
            return Path(os.path.relpath(found[0], start))
        if found:
            names = ", ".join(os.path.relpath(path, start) for path in found)
            raise NoEnvironment(
                "It is not said which environment is meant.", why=f"There are several: {names}.", next_step="Name one."
            )
    raise NoEnvironment(
        f"No environment YAML is named, and neither {start.absolute()} nor a folder above has one.",
        next_step="Name one, or let `windsock init` write one.",
    )


def environments_in(folder: Path) -> list[Path]:
    """Return the files of a folder that look like environment YAMLs, sorted by name."""
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix in _SUFFIXES)
    except OSError:
        return []
    return [path for path in files if _is_environment(path)]


def _is_environment(path: Path) -> bool:
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return False
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return path.name == DEFAULT  # it says so itself when it is read
    return path.name == DEFAULT or all(re.search(section, text) for section in _SECTIONS)


def _upwards(start: Path) -> Iterator[Path]:
    for folder in (start, *start.parents):
        yield folder
        if (folder / ".git").exists():
            return
