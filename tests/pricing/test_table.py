"""The prices that Windsock brings: every one with its date and source, and every one asked for."""

import re
from pathlib import Path

import pytest

from pricing.table import DAYS_PER_MONTH, price_table

TABLE = price_table()
FOLDERS = ("pricing", "cli", "deployer")
CODE = "\n".join(path.read_text() for folder in FOLDERS for path in (Path(__file__).parents[2] / folder).rglob("*.py"))


@pytest.mark.parametrize("name", TABLE.prices)
def test_every_price_has_a_date_and_a_source(name: str) -> None:
    """A price is above zero, not dated after the table, and has a source."""
    price = TABLE.prices[name]
    assert price.amount > 0
    assert re.fullmatch(r"20\d\d-\d\d(-\d\d)?", price.date)
    assert price.date[:7] <= TABLE.date[:7]
    assert len(price.source) > 8


@pytest.mark.parametrize("name", [name for name in TABLE.prices if not name.startswith(("rds.db.", "fargate."))])
def test_every_price_is_used(name: str) -> None:
    """A price that no tariff uses would become outdated unnoticed."""
    assert f'"{name}"' in CODE or name.startswith("rds.gp3")


def test_arm_is_a_fifth_cheaper() -> None:
    """The ratio that AWS names for Graviton reveals a price in the line of the other architecture."""
    for unit in ("vcpu_hour", "gb_hour"):
        ratio = TABLE.amount(f"fargate.arm64.{unit}") / TABLE.amount(f"fargate.x86_64.{unit}")
        assert ratio == pytest.approx(0.8, abs=0.005)


def test_a_standby_doubles_the_database() -> None:
    """Multi-AZ is twice the price, to the tenth of a cent that AWS rounds to."""
    for class_ in ("db.t4g.small", "db.t4g.medium"):
        single, double = (TABLE.amount(f"rds.{class_}.{kind}hour") for kind in ("", "multi_az_"))
        assert double == pytest.approx(2 * single, abs=0.0011)


def test_prices_hold_in_the_named_regions_only() -> None:
    """They hold in one region, and in another with the same prices; for the rest nobody knows."""
    assert TABLE.holds_in("us-east-1")
    assert TABLE.holds_in("us-west-2")
    assert not TABLE.holds_in("eu-central-1")


def test_an_unknown_name_is_not_in_the_table() -> None:
    """The table guesses no price."""
    assert "rds.db.t4g.micro.hour" in TABLE
    assert "rds.db.m7i.24xlarge.hour" not in TABLE


def test_a_month_has_a_twelfth_of_a_year_of_days() -> None:
    """Twelve of these months are a year of 365 days."""
    assert pytest.approx(365) == DAYS_PER_MONTH * 12
