"""Compiles one and forty environments with cold lint, each in one call, and compares what a further one costs."""

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
    wall, cpu = _further(first.wall, all_.wall), _further(first.cpu, all_.cpu)
    yield f"## {MANY} environments in one call, lint cold"
    yield ""
    yield "They differ in name and size of the database. A further one is the difference, divided by their number;"
    yield f"{os.cpu_count()} processors share them."
    yield ""
    yield "| | seconds | CPU s | peak MiB of a process |"
    yield "|---|---|---|---|"
    yield f"| one | {first.wall:.2f} | {first.cpu:.2f} | {first.peak:.0f} |"
    yield f"| {MANY} | {all_.wall:.2f} | {all_.cpu:.2f} | {all_.peak:.0f} |"
    yield f"| each further, against the first (aim, at most {AIM}) | **{wall:.2f}** | {cpu:.2f} | |"


def environments(text: str, folder: Path) -> Sequence[Path]:
    """Write YAMLs of environments that differ in name and size of the database."""
    found = []
    for number in range(MANY):
        own = text.replace("name: demo", f"name: demo{number:02}")
        path = folder / f"env{number:02}.yaml"
        path.write_text(own.replace("storage_gb: 20", f"storage_gb: {20 + number}"), encoding="utf-8")
        found.append(path)
    return found


def _further(first: float, all_: float) -> float:
    """Return what a further one costs, by what the first does."""
    return (all_ - first) / (MANY - 1) / first


def _compile(files: Sequence[Path]) -> Cost:
    with tempfile.TemporaryDirectory() as cache, tempfile.TemporaryDirectory() as out:
        variables = {**os.environ, "WINDSOCK_CACHE": cache}
        return measure(Command([WINDSOCK, "compile", "--output", out, *map(str, files)], variables))
