"""Measures a whole rehearsal against a start of the same Airflow by hand, with its own commands."""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.by_hand import start_by_hand
from spec.reading.load import load

RUNS = 3
MIB = 1024 * 1024
SAMPLE_SECONDS = 0.5
UNTIL_HEALTHY = ("compile", "environments", "aws", "deploy")


@dataclass(frozen=True)
class Life:
    """One rehearsal or start by hand: seconds to healthy, seconds in all, and peak memory of all processes in MiB."""

    healthy: float
    total: float
    peak: float


def life(environment: Path) -> Iterator[str]:
    """Rehearse and start by hand in turn; yield the lines of a table."""
    windsock = Path(sys.executable).parent / "windsock"
    subprocess.run([windsock, "rehearse", environment], check=True, capture_output=True)  # fills the caches
    pairs = [(_rehearse(windsock, environment), _by_hand(environment)) for _ in range(RUNS)]
    ratios = sorted(ours.healthy / theirs.healthy for ours, theirs in pairs)
    ours, theirs = sorted(pairs, key=lambda pair: pair[0].healthy / pair[1].healthy)[RUNS // 2]
    env = load(environment)
    yield f"## A rehearsal of `{environment.name}` (Airflow {env.airflow.version})"
    yield ""
    yield f"Median of {RUNS} runs in turn, environments already built. By hand means: initdb, PostgreSQL, the release's"
    yield "own commands for database, admin and processes, until the health page says that the scheduler is healthy."
    yield ""
    yield "| | rehearsal | by hand | ratio | aim, at most |"
    yield "|---|---|---|---|---|"
    yield f"| seconds to healthy | {ours.healthy:.1f} | {theirs.healthy:.1f} | **{ratios[RUNS // 2]:.2f}** | 1.3 |"
    yield f"| seconds in all, with DAGs and teardown | {ours.total:.1f} | | | 45 s |"
    yield f"| peak memory, MiB (PSS) | {ours.peak:.0f} | {theirs.peak:.0f} | {ours.peak / theirs.peak:.2f} | |"


def _rehearse(windsock: Path, environment: Path) -> Life:
    with peak_memory() as peak:
        done = subprocess.run(
            [windsock, "rehearse", environment, "--json", "--port", "0", "--endpoint-port", "0"],
            check=True,
            capture_output=True,
            text=True,
        )
    proof = json.loads(done.stdout)
    healthy = sum(step["seconds"] for step in proof["acts"] if step["name"] in UNTIL_HEALTHY)
    return Life(healthy, proof["seconds"], peak[0])


def _by_hand(environment: Path) -> Life:
    with peak_memory() as peak, tempfile.TemporaryDirectory(prefix="by-hand-") as folder:
        start = time.monotonic()
        with start_by_hand(load(environment), Path(folder)):
            seconds = time.monotonic() - start
    return Life(seconds, seconds, peak[0])


@contextmanager
def peak_memory() -> Iterator[list[float]]:
    """Sample the proportional memory of everything that this process starts; the list holds the peak in MiB."""
    peak = [0.0]
    over = threading.Event()

    def watch() -> None:
        while not over.wait(SAMPLE_SECONDS):
            peak[0] = max(peak[0], sum(map(_memory, _descendants(os.getpid()))) / MIB)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def _descendants(root: int) -> Iterator[int]:
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended since
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    waiting = [root]
    while waiting:
        for child in children.get(waiting.pop(), []):
            yield child
            waiting.append(child)


def _memory(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0
