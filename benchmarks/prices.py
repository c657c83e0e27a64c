"""Prices every example by AWS's list prices, against Amazon MWAA.

python -m benchmarks.prices    # writes docs/cost.md
"""

from collections.abc import Iterator
from pathlib import Path

from benchmarks import sleeping
from benchmarks.variants import bare_of, read
from cli.cost.costing import bill_of
from cli.cost.rivals import small_monthly
from cli.cost.savings import savings
from pricing.table import HOURS_PER_MONTH, price_table
from pricing.usage import ASSUMPTIONS, NOT_INCLUDED
from spec.reading.load import load

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "cost.md"
EXAMPLES = (ROOT / "env.example.yaml", *sorted((ROOT / "examples").glob("*.yaml")))


def page() -> str:
    """Return the page."""
    table = price_table()
    lines = [
        "# What an environment costs",
        "",
        "Written by `python -m benchmarks.prices`, with what `windsock cost` says of each example.",
        f"USD by AWS's list prices of {table.region} as of {table.date} ({table.source});",
        f"a month has {HOURS_PER_MONTH:g} hours. `windsock cost ENV` prints every line of it.",
        "",
        "| example | Airflow | hour | month | against Amazon MWAA small |",
        "|---|---|---|---|---|",
        *_examples(),
        f"| Amazon MWAA mw1.small | | {table.amount('mwaa.small.hour')} | {small_monthly(table):.2f} | 1 |",
        "",
        "The hour is one in which everything runs. An environment with office hours pays for services and database",
        "only in them, and all month for storage, load balancer and secrets.",
        "",
        *(f"- Assumed: {words}." for words in ASSUMPTIONS),
        f"- Not in it: {', '.join(NOT_INCLUDED)}.",
        "",
        *_savings(),
        "",
        *sleeping.rows(EXAMPLES),
    ]
    return "\n".join(lines) + "\n"


def _examples() -> Iterator[str]:
    mwaa = small_monthly(price_table())
    for path in EXAMPLES:
        env = load(path)
        bill = bill_of(env)
        link = f"[`{path.name}`](../{path.relative_to(ROOT)})"
        missing = " and more" if bill.unpriced else ""
        cells = (link, env.airflow.version, f"{bill.hourly:.3f}", f"{bill.monthly:.2f}{missing}")
        yield f"| {' | '.join(cells)} | {bill.monthly / mwaa:.2f} |"


def _savings() -> Iterator[str]:
    """Yield the savings of the cheapest example: each change alone, against the same without any of them."""
    path = min((ROOT / "examples").glob("*.yaml"), key=lambda path: bill_of(load(path)).monthly)
    bare = bare_of(read(path))
    before, after = bill_of(bare.env).monthly, bill_of(load(path)).monthly
    cheaper = savings(bare.env, bare.document, before)
    yield f"## From {before:.2f} to {after:.2f} dollars a month"
    yield ""
    yield f"`{path.relative_to(ROOT)}` without what makes it cheap costs {before:.2f} a month: on demand, on x86,"
    yield "behind a load balancer, day and night. What each change saves alone, priced by compiling it:"
    yield ""
    yield "| change | saves a month |"
    yield "|---|---|"
    for saving in cheaper.each:
        yield f"| `{saving.change}` | {saving.saves:.2f} |"
    yield f"| all of it, as the example has it | {before - after:.2f} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
