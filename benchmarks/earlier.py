"""Measures a rehearsal of this checkout against one of an earlier checkout: seconds, and memory of all processes."""

import json
import statistics
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.life import peak_memory
from benchmarks.pairs import usual_variables

RUNS = 2
AIM = 1.1
CACHE = "WINDSOCK_CACHE"


@dataclass(frozen=True)
class Run:
    """One rehearsal: its seconds, and the peak memory of all its processes in MiB."""

    seconds: float
    peak: float


def earlier(environment: str, now: Path, then: Path) -> Iterator[str]:
    """Rehearse an environment in two checkouts in turn; yield the lines of a table.

    Both have rehearsed it before, so that their caches hold what a rehearsal builds.
    """
    pairs = [(_rehearse(now, environment), _rehearse(then, environment)) for _ in range(RUNS)]
    ours, theirs = (_mean([pair[at] for pair in pairs]) for at in (0, 1))
    yield f"## Then and now: a rehearsal of `{environment}`"
    yield ""
    yield f"Mean of {RUNS} runs in turn, environments already built. *Then* is commit {_commit(then)},"
    yield f"*now* is {_commit(now)}."
    yield ""
    yield "| | now | then | ratio | aim, at most |"
    yield "|---|---|---|---|---|"
    yield _row("seconds in all", ours.seconds, theirs.seconds)
    yield _row("peak memory, MiB (PSS)", ours.peak, theirs.peak)


def _row(what: str, ours: float, theirs: float) -> str:
    return f"| {what} | {ours:.1f} | {theirs:.1f} | **{ours / theirs:.2f}** | {AIM} |"


def _rehearse(checkout: Path, environment: str) -> Run:
    """Rehearse in a checkout, with its own cache `.venv/cache` if it has one: an older one may not know ours."""
    own = checkout / ".venv" / "cache"
    windsock = checkout / ".venv" / "bin" / "windsock"
    with peak_memory() as peak:
        done = subprocess.run(
            [windsock, "rehearse", environment, "--json", "--port", "0", "--endpoint-port", "0"],
            cwd=checkout,
            env={**usual_variables(), **({CACHE: str(own)} if own.is_dir() else {})},
            check=True,
            capture_output=True,
            text=True,
        )
    return Run(float(json.loads(done.stdout)["seconds"]), peak[0])


def _mean(runs: list[Run]) -> Run:
    return Run(statistics.mean(run.seconds for run in runs), statistics.mean(run.peak for run in runs))


def _commit(checkout: Path) -> str:
    shown = ["git", "-C", str(checkout), "rev-parse", "--short", "HEAD"]
    return subprocess.run(shown, check=True, capture_output=True, text=True).stdout.strip()
