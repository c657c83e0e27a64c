"""What a tariff is asked: which resource, in which stack, at which prices, for how many hours."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pricing.bill import Line, Unpriced
from pricing.table import HOURS_PER_MONTH, PriceTable
from pricing.template import Properties, StackTemplate


@dataclass(frozen=True)
class Charge:
    """One resource to be priced; `hours` is how long it runs in a month, `running` how long anything does.

    `traffic_costs` says that throughput of files is paid by the gigabyte.
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
        """Return the line of what is paid by the hour for as long as the resource is there."""
        return Line(self.path, item, self.table.amount(price) * count)

    def by_the_month(self, item: str, price: str, count: float = 1) -> Line:
        """Return the line of what is paid by the month."""
        return Line(self.path, item, self.table.amount(price) * count / HOURS_PER_MONTH)

    def while_running(self, item: str, monthly: float) -> Line:
        """Return the line of what would be `monthly` USD if anything ran all month."""
        return Line(self.path, item, monthly / HOURS_PER_MONTH, self.running)

    def unpriced(self, why: str) -> Unpriced:
        """Return the line of what this table cannot price."""
        return Unpriced(self.path, why)


Tariff = Callable[[Charge], Iterator[Line | Unpriced]]
