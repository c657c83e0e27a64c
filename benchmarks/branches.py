"""Measures a branch environment on this machine: seconds to the first succeeded DAG, with a container and with RDS.

python -m benchmarks.branches    # about ten minutes on a quiet machine; writes docs/branch-figures.md
"""

import os
import platform
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.variants import Variant, rehearse, variants

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "branch-figures.md"
RUNS = 3
DAG = "tutorial"
UNTIL_FIRST_DAG = ("compile", "environments", "aws", "deploy", "login", "dags")


@dataclass(frozen=True)
class Figures:
    """One variant: the seconds of every run until its first DAG succeeded, and until it was healthy."""

    variant: Variant
    first_dag: Sequence[float]
    healthy: Sequence[float]


def main() -> None:
    """Rehearse every variant in turn, several times, and write the page."""
    compared = [variant for variant in variants() if variant.reached_by_load_balancer]
    for variant in compared:
        _rehearse(variant)  # builds the environments, and warms the caches of the system
    rounds = [[_rehearse(variant) for variant in compared] for _ in range(RUNS)]
    figures = [
        Figures(variant, [seconds["first_dag"] for seconds in runs], [seconds["healthy"] for seconds in runs])
        for variant, runs in zip(compared, zip(*rounds, strict=True), strict=True)
    ]
    PAGE.write_text("\n".join(_page(figures)) + "\n", encoding="utf-8")


def _rehearse(variant: Variant) -> dict[str, float]:
    acts = rehearse(variant, "--dag", DAG)["acts"]
    seconds = {step["name"]: step["seconds"] for step in acts}
    first_dag = sum(seconds[name] for name in UNTIL_FIRST_DAG)
    print(f"{variant.title}: {first_dag:.1f} s", flush=True)
    return {"first_dag": first_dag, "healthy": first_dag - seconds["login"] - seconds["dags"]}


def _page(figures: Sequence[Figures]) -> Iterator[str]:
    yield "# Figures of branch environments"
    yield ""
    yield "Written by `python -m benchmarks.branches`: rehearsals on one machine, in turn, environments already built."
    yield "How long AWS takes is modelled in [creation.md](creation.md), and what it costs is in [cost.md](cost.md)."
    yield ""
    yield f"Python {platform.python_version()}, {os.cpu_count()} processors, median of {RUNS} runs; the ratio is the"
    yield "median of the ratios within one round."
    yield ""
    yield "| database | seconds to healthy | seconds to the first succeeded DAG | ratio to RDS |"
    yield "|---|---|---|---|"
    against = next(figure for figure in figures if figure.variant.on_rds)
    for figure in figures:
        pairs = zip(figure.first_dag, against.first_dag, strict=True)
        ratio = statistics.median(ours / theirs for ours, theirs in pairs)
        healthy, first = statistics.median(figure.healthy), statistics.median(figure.first_dag)
        name = f"{figure.variant.title.partition(',')[0]}, Airflow {figure.variant.env.airflow.version}"
        yield f"| {name} | {healthy:.1f} | {first:.1f} | **{ratio:.2f}** |"


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
