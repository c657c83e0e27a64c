"""Formats a bill for people: the table, its total, and the assumptions behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from cli.cost.rivals import rivals_text
from cli.cost.savings import Savings
from cli.cost.sleep import Sleep, sleep_text
from cli.terminal.screen import columns
from pricing.bill import Bill, Line
from pricing.table import PriceTable
from pricing.usage import ASSUMPTIONS, NOT_INCLUDED
from spec.sections.ttl import read_duration


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The environment of a bill: its name, its region, and its ttl, if it deletes itself.

    `database` is where that is if somebody else pays for it, `network` what it shares with others.
    """

    name: str
    region: str
    ttl: str | None = None
    database: str = ""
    network: str = ""

    @property
    def not_included(self) -> tuple[str, ...]:
        """What the total leaves out."""
        yours = (f"the database {self.database}, which is yours",) if self.database else ()
        return (*NOT_INCLUDED, *yours, *([self.network] if self.network else []))

    def lifetime_cost(self, bill: Bill) -> float | None:
        """Return what it costs in USD until it deletes itself, by the average over a month."""
        lasts = read_duration(self.ttl) if self.ttl else None
        return bill.daily * (lasts / timedelta(days=1)) if lasts else None


def page(subject: Subject, bill: Bill, table: PriceTable, cheaper: Savings, sleep: Sleep | None = None) -> str:
    """Return the bill as text; `cheaper` has the changes that save money, `sleep` how long it is awake."""
    blocks = [
        f"{subject.name} in {subject.region}: list prices in USD as of {table.date}",
        bill_table(bill) + _of_lifetime(subject, bill),
        *([sleep_text(sleep)] if sleep else []),
        *_hints(cheaper),
        *_notes(subject, bill, table),
    ]
    return "\n\n".join(blocks)


def bill_table(bill: Bill) -> str:
    """Return a line for each resource, and the total."""
    rows = [("RESOURCE", "WHAT", "HOURS", " USD/HOUR", "USD/MONTH")]
    rows += [row for resources in _alike(bill.lines) for row in _rows(resources)]
    rows.append(("total", "", "", f"{bill.hourly:9.4f}", f"{bill.monthly:9.2f}"))
    return columns(rows)


def _of_lifetime(subject: Subject, bill: Bill) -> str:
    cost = subject.lifetime_cost(bill)
    return "" if cost is None else f"\nIt deletes itself after {subject.ttl}; until then it costs {cost:.2f}."


def _alike(lines: Sequence[Line]) -> Iterator[list[tuple[Line, ...]]]:
    """Yield the lines of each resource; resources of a stack with one and the same line, such as secrets, together."""
    resources = [tuple(group) for _, group in groupby(lines, key=lambda line: line.path)]
    for _, group in groupby(resources, key=_kind):
        yield list(group)


def _kind(resource: tuple[Line, ...]) -> tuple[object, ...]:
    first, *more = resource
    return (first.path,) if more else (first.path.partition("/")[0], first.item, first.hourly, first.hours)


def _rows(resources: Sequence[tuple[Line, ...]]) -> Iterator[tuple[str, str, str, str, str]]:
    lines, count = resources[0], len(resources)
    path = lines[0].path
    for index, line in enumerate(lines):
        name = "" if index else path if count == 1 else f"{path.partition('/')[0]} ({count})"
        hourly, monthly = line.hourly * count, line.monthly * count
        yield (name, line.item, f"{line.hours:5.0f}", f"{hourly:9.4f}", f"{monthly:9.2f}")


def _hints(cheaper: Savings) -> Iterator[str]:
    if cheaper.each:
        rows = [(saving.change, f"{saving.saves:9.2f}") for saving in cheaper.each]
        together = f"with all of it {cheaper.monthly:.2f}" if len(rows) > 1 else f"then {cheaper.monthly:.2f}"
        yield f"What would be saved a month, each alone; {together}:\n" + columns(rows)


def _notes(subject: Subject, bill: Bill, table: PriceTable) -> Iterator[str]:
    if bill.per_use:
        rows = [(line.path, line.item, f"{line.hourly:.4f}") for line in bill.per_use]
        yield "Per hour of use, not in the total:\n" + columns(rows)
    if bill.unpriced:
        yield "Not priced:\n" + columns([(missing.path, missing.why) for missing in bill.unpriced])
    without = f"Not in it: {', '.join(subject.not_included)}."
    yield "\n".join((*(f"Assumed: {words}." for words in ASSUMPTIONS), without))
    yield "\n".join((*of_prices(subject.region, table), rivals_text(bill, table)))


def of_prices(region: str, table: PriceTable) -> Iterator[str]:
    """Yield where the prices come from, and whether they hold in a region."""
    yield f"Prices of {table.region} as of {table.date}: {table.source}; each with its source in pricing/prices.yaml."
    if not table.holds_in(region):
        yield f"Those of {region} are not known here. Most regions are dearer than {table.region}."
