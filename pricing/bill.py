"""A bill: its lines, with the price of an hour and the hours of a month."""

from collections.abc import Sequence
from dataclasses import dataclass

from pricing.table import DAYS_PER_MONTH, HOURS_PER_MONTH


@dataclass(frozen=True, kw_only=True)
class Line:
    """One charge in USD: `hourly` while it runs, for `hours` of a month.

    `path` is the stack and the logical id of the resource that causes it, `item` what AWS charges for.
    """

    path: str
    item: str
    hourly: float
    hours: float = HOURS_PER_MONTH

    @property
    def monthly(self) -> float:
        """USD a month."""
        return self.hourly * self.hours


@dataclass(frozen=True)
class Unpriced:
    """A resource that may cost something and that the bill leaves out, with the reason."""

    path: str
    why: str


@dataclass(frozen=True)
class Bill:
    """What an environment costs: standing charges, charges per use, and resources without a price."""

    lines: Sequence[Line]
    per_use: Sequence[Line]
    unpriced: Sequence[Unpriced]

    @property
    def hourly(self) -> float:
        """USD for an hour in which everything runs."""
        return sum(line.hourly for line in self.lines)

    @property
    def monthly(self) -> float:
        """USD a month, for the hours of each line."""
        return sum(line.monthly for line in self.lines)

    @property
    def daily(self) -> float:
        """USD a day, as the average over a month."""
        return self.monthly / DAYS_PER_MONTH
