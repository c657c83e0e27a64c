"""The question to a tariff: which resource, in which stack, at which prices, for how many hours."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pricing.bill import Line, Unpriced
from pricing.table import HOURS_PER_MONTH, PriceTable
from pricing.template import Properties, StackTemplate


@dataclass(frozen=True, kw_only=True)
class Charge:
    """One resource to price; `hours` is how long it runs in a month, `running` how long any service does.

    `traffic_costs` says that EFS charges throughput by the gigabyte.
    """

    stack: StackTemplate
    logical_id: str
    properties: Properties
    table: PriceTable
    hours: float = HOURS_PER_MONTH
    running: float = HOURS_PER_MONTH
    traffic_costs: bool = False

    @property
    def path(self) -> str:
        """Stack and logical id."""
        return f"{self.stack.name}/{self.logical_id}"

    def by_the_hour(self, item: str, price: str, count: float = 1) -> Line:
        """Return the line of a price by the hour, for as long as the resource exists."""
        return Line(path=self.path, item=item, hourly=self.table.amount(price) * count)

    def by_the_month(self, item: str, price: str, count: float = 1) -> Line:
        """Return the line of a price by the month."""
        return Line(path=self.path, item=item, hourly=self.table.amount(price) * count / HOURS_PER_MONTH)

    def while_running(self, item: str, monthly: float) -> Line:
        """Return the line of `monthly` USD, for the share of the month in which any service runs."""
        return Line(path=self.path, item=item, hourly=monthly / HOURS_PER_MONTH, hours=self.running)

    def line(self, item: str, hourly: float) -> Line:
        """Return the line of a price by the hour, for the hours in which the resource runs."""
        return Line(path=self.path, item=item, hourly=hourly, hours=self.hours)

    def unpriced(self, why: str) -> Unpriced:
        """Return the line of a resource that this table cannot price."""
        return Unpriced(self.path, why)


Tariff = Callable[[Charge], Iterator[Line | Unpriced]]
