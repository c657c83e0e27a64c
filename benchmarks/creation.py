"""Writes the modelled minutes that AWS takes to create an environment, beside those of Amazon MWAA.

python -m benchmarks.creation    # writes docs/creation.md
"""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.variants import Variant, deliveries, variants
from compiler.compile import compile_environment
from deployer.durations.creation import BEST, MIDDLE, WORST, creation, table
from deployer.durations.critical_path import Path as Chain

PAGE = Path(__file__).parents[1] / "docs" / "creation.md"


def page() -> str:
    """Return the page."""
    compared = (*variants(), *deliveries())
    return "\n".join([*_table_of(compared), "", *_chains(compared), "", *_sources()]) + "\n"


def _table_of(compared: tuple[Variant, ...]) -> Iterator[str]:
    best, worst = table()["mwaa"]["minutes"]
    middle = (best + worst) / 2
    yield "# Minutes to create an environment"
    yield ""
    yield "Written by `python -m benchmarks.creation`. **A model, not a measurement**: the durations below, as of"
    yield f"{table()['date']}, along the critical path of the compiled stacks and of the phases of a first"
    yield "`windsock deploy`. The model assumes that CI has built the image."
    yield ""
    yield "| environment | at best | in the middle | at worst | middle against Amazon MWAA |"
    yield "|---|---|---|---|---|"
    for variant in compared:
        minutes = [creation(compile_environment(variant.env), slowness).minutes for slowness in (BEST, MIDDLE, WORST)]
        cells = (f"{value:.0f}" for value in minutes)
        yield f"| {variant.title} | {' | '.join(cells)} | **{minutes[1] / middle:.2f}** |"
    yield f"| Amazon MWAA ({table()['mwaa']['source']}) | {best} | {middle:g} | {worst} | 1 |"


def _chains(compared: tuple[Variant, ...]) -> Iterator[str]:
    yield "## What each waits for"
    yield ""
    yield "With durations in the middle of the known span; the minutes are those of the stack, or of the task."
    yield ""
    for variant in compared:
        steps = (
            f"{name} ({_words(chain)})" for name, chain in creation(compile_environment(variant.env), MIDDLE).steps
        )
        yield f"- {variant.title}: {'; '.join(steps)}."


def _words(chain: Chain) -> str:
    return " → ".join(f"{name} {minutes:.1f}" for name, minutes in chain.steps if minutes)


def _sources() -> Iterator[str]:
    yield "## Durations"
    yield ""
    yield "AWS creates everything else within the minute of its stack."
    yield ""
    yield "| what | minutes | source |"
    yield "|---|---|---|"
    for section in ("resources", "steps"):
        for name, known in table()[section].items():
            best, worst = known["minutes"]
            yield f"| {name} | {best:g} to {worst:g} | {known['source']} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
