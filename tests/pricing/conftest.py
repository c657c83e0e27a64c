"""What the tests of prices share: a charge for one resource, and round prices to reckon with."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from pricing.charge import Charge
from pricing.table import Price, PriceTable, price_table
from pricing.template import StackTemplate

Charged = Callable[..., Charge]


@pytest.fixture
def table() -> PriceTable:
    """Return a table of round prices, with the names of the real one."""
    round_prices = {
        "fargate.x86_64.vcpu_hour": 0.04,
        "fargate.x86_64.gb_hour": 0.004,
        "fargate.arm64.vcpu_hour": 0.03,
        "fargate.arm64.gb_hour": 0.003,
        "fargate.spot_factor": 0.5,
        "ipv4.hour": 0.005,
    }
    names = price_table().prices
    prices = {name: Price(round_prices.get(name, 1.0), "2026-09", "made up") for name in names}
    return PriceTable(date="2026-09-23", source="made up", region="us-east-1", same_in=(), prices=prices)


@pytest.fixture
def charged(table: PriceTable) -> Charged:
    """Return a maker of charges for one resource, in a stack with others by logical id."""

    def make(type_: str, properties: Mapping[str, Any], others: Mapping[str, Any] | None = None, **more: Any) -> Charge:
        resources = {"It": {"Type": type_, "Properties": properties}, **(others or {})}
        stack = StackTemplate(name="stack", resources=resources)
        return Charge(stack=stack, logical_id="It", properties=properties, table=table, **more)

    return make
