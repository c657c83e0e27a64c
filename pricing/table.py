"""The price table: list prices of one region, each with its date and source."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

HOURS_PER_MONTH = 730.0
"""A month as the calculator of AWS counts it: a twelfth of 8760 hours."""

DAYS_PER_MONTH = HOURS_PER_MONTH / 24

_FILE = Path(__file__).with_name("prices.yaml")


@dataclass(frozen=True)
class Price:
    """One list price in USD, as of `date`, with its source."""

    amount: float
    date: str
    source: str


@dataclass(frozen=True, kw_only=True)
class PriceTable:
    """List prices of `region`, which also hold in the regions `same_in`; `date` is that of the newest price."""

    date: str
    source: str
    region: str
    same_in: tuple[str, ...]
    prices: Mapping[str, Price]

    def __contains__(self, name: str) -> bool:
        return name in self.prices

    def amount(self, name: str) -> float:
        """Return a price in USD."""
        return self.prices[name].amount

    def holds_in(self, region: str) -> bool:
        """Whether these prices hold in a region, as far as is known."""
        return region == self.region or region in self.same_in


@cache
def price_table() -> PriceTable:
    """Return the prices that come with Windsock."""
    read = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    prices = {name: Price(line["price"], line["date"], line["source"]) for name, line in read["prices"].items()}
    return PriceTable(
        date=read["date"],
        source=read["source"],
        region=read["region"],
        same_in=tuple(read["same_in"]),
        prices=prices,
    )
