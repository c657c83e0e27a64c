"""Compiles one and forty environments with cold lint, each in one process, and compares what a further one costs."""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.pairs import Command, Cost, measure

MANY = 40
AIM = 0.2
WINDSOCK = str(Path(sys.executable).parent / "windsock")


def many(environment: Path) -> Iterator[str]:
    """Yield the lines of the section."""
    with tempfile.TemporaryDirectory() as folder:
        files = environments(environment.read_text(encoding="utf-8"), Path(folder))
        first, all_ = _compile(files[:1]), _compile(files)
    further = (all_.cpu - first.cpu) / (MANY - 1)
    yield f"## {MANY} environments in one process, lint cold"
    yield ""
    yield "They differ in name and size of the database. A further one is the difference, divided by their number."
    yield ""
    yield "| | CPU s | peak MiB |"
    yield "|---|---|---|"
    yield f"| one | {first.cpu:.2f} | {first.peak:.0f} |"
    yield f"| {MANY} | {all_.cpu:.2f} | {all_.peak:.0f} |"
    yield f"| each further, against the first (aim, at most {AIM}) | **{further / first.cpu:.2f}** | |"


def environments(text: str, folder: Path) -> Sequence[Path]:
    """Write YAMLs of environments that differ in name and size of the database."""
    found = []
    for number in range(MANY):
        own = text.replace("name: demo", f"name: demo{number:02}")
        path = folder / f"env{number:02}.yaml"
        path.write_text(own.replace("storage_gb: 20", f"storage_gb: {20 + number}"), encoding="utf-8")
        found.append(path)
    return found


def _compile(files: Sequence[Path]) -> Cost:
    with tempfile.TemporaryDirectory() as cache, tempfile.TemporaryDirectory() as out:
        variables = {**os.environ, "WINDSOCK_CACHE": cache}
        return measure(Command([WINDSOCK, "compile", "--output", out, *map(str, files)], variables))
