"""Runs two commands in turn and compares their cost, as the operating system reports it."""

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MIB_PER_KIB = 1 / 1024


@dataclass(frozen=True)
class Command:
    """One command line; `before` runs ahead of each measurement, outside it."""

    argv: Sequence[str]
    env: Mapping[str, str] | None = None
    before: Callable[[], None] | None = None


@dataclass(frozen=True)
class Cost:
    """The cost of one run: CPU and wall-clock seconds, and the largest process in MiB."""

    cpu: float
    wall: float
    peak: float


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Medians of two commands that ran in turn; `ratio` is the median of the pairwise CPU ratios."""

    ours: Cost
    theirs: Cost
    ratio: float
    runs: int


def usual_variables() -> dict[str, str]:
    """Return the variables of this process, but for the one by which Python compiles every module at each start."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def compare(ours: Command, theirs: Command, *, runs: int = 7) -> Pair:
    """Run both once to warm up, then `runs` times in turn; return the medians."""
    measure(ours), measure(theirs)
    costs = [(measure(ours), measure(theirs)) for _ in range(runs)]
    return Pair(
        ours=_median([a for a, _ in costs]),
        theirs=_median([b for _, b in costs]),
        ratio=statistics.median(a.cpu / b.cpu for a, b in costs),
        runs=runs,
    )


def measure(command: Command) -> Cost:
    """Run one command to its end; raises SystemExit with its output when it fails."""
    if command.before:
        command.before()
    log = Path(os.environ.get("TMPDIR", "/tmp")) / f"benchmark-{os.getpid()}.log"  # noqa: S108  # removed below
    with log.open("wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(command.argv, env=command.env, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    text = log.read_text(errors="replace")
    log.unlink()
    if process.returncode:
        raise SystemExit(f"{' '.join(command.argv)} ended with {process.returncode}:\n{text}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * MIB_PER_KIB)


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        statistics.median(cost.cpu for cost in costs),
        statistics.median(cost.wall for cost in costs),
        statistics.median(cost.peak for cost in costs),
    )
