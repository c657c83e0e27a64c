"""Prices every example always awake, in office hours, and unless something is due."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.variants import Document, read
from cli.cost.costing import bill_of
from cli.cost.savings import HOURS
from cli.sleeping.awake_hours import RUN, awake_hours
from pricing.table import HOURS_PER_MONTH
from spec.environment import Environment
from spec.reading.load import load
from spec.sections.schedules.due import Due
from spec.sections.schedules.hours import WEEK, Hours

DUE = {"when": "due"}
RHYTHMS = {
    "a run each night": ("0 2 * * *",),
    "and one each hour of a morning": ("0 2 * * *", "0 8-11 * * 1-5"),
}
"""What DAGs there are, and their schedules."""


def rows(examples: tuple[Path, ...]) -> Iterator[str]:
    """Yield a heading, and a table with a row for each example."""
    yield "## Always awake, in office hours, or when something is due"
    yield ""
    yield f"The same examples in dollars a month by their `schedule`: without one, with `on: {HOURS['on']}`, and with"
    yield f"[`when: due`](lifetime.md) for DAGs whose runs take {RUN.seconds // 60} minutes; people come on top."
    yield ""
    yield f"| example | always | office hours | due: {' | due: '.join(RHYTHMS)} |"
    yield f"|---|---|---|{'---|' * len(RHYTHMS)}"
    with TemporaryDirectory() as folder:
        homes = [_home(Path(folder) / str(number), crons) for number, crons in enumerate(RHYTHMS.values())]
        for path in examples:
            document = {key: value for key, value in read(path).items() if key != "schedule"}
            choices = ((None, None), (HOURS, None), *((DUE, home) for home in homes))
            yield f"| `{path.name}` | {' | '.join(_priced(document, *choice) for choice in choices)} |"
        env = load(examples[0])
        awake = [f"{awake_hours(env, Due(when='due'), home).hours:.0f}" for home in homes]
    week = Hours.model_validate(HOURS)
    office = sum(end - start for start, end in week.spans) / WEEK * HOURS_PER_MONTH
    yield f"| hours awake | {HOURS_PER_MONTH:.0f} | {office:.0f} | {' | '.join(awake)} |"


def _home(folder: Path, crons: tuple[str, ...]) -> Path:
    """Make a home with a DAG for each schedule."""
    (folder / "dags").mkdir(parents=True)
    for number, cron in enumerate(crons):
        text = f'from airflow import DAG\nDAG("dag_{number}", schedule="{cron}")\n'
        (folder / "dags" / f"dag_{number}.py").write_text(text, encoding="utf-8")
    return folder


def _priced(document: Document, schedule: Mapping[str, str] | None, home: Path | None) -> str:
    """Return what it costs a month with a `schedule`, or without one."""
    env = Environment.model_validate({**document, **({"schedule": schedule} if schedule else {})})
    return f"{bill_of(env, home).monthly:.2f}"
