"""A bill says what it adds up, as of when, from where, and what it leaves out."""

from dataclasses import replace

import pytest

from cli.cost.bill_page import Subject, page
from cli.cost.savings import Saving, Savings
from pricing.bill import Bill, Line, Unpriced
from pricing.table import price_table

TABLE = price_table()
SUBJECT = Subject(name="demo", region="us-west-2")
DEAREST = Savings((), 0.0)
CHEAPER = Savings((Saving("fargate.capacity: spot", 13.0), Saving("fargate.architecture: arm64", 4.0)), 28.5)
BILL = Bill(
    lines=(
        Line(path="secrets/A", item="secret", hourly=0.001),
        Line(path="secrets/B", item="secret", hourly=0.001),
        Line(path="services/S", item="Fargate", hourly=0.1, hours=200),
        Line(path="services/S", item="address", hourly=0.005, hours=200),
        Line(path="services/T", item="Fargate", hourly=0.1, hours=200),
        Line(path="services/T", item="address", hourly=0.005, hours=200),
    ),
    per_use=(Line(path="platform/W", item="a worker", hourly=0.02, hours=1),),
    unpriced=(Unpriced("platform/C", "paid by metric"),),
)


@pytest.fixture
def lines() -> list[str]:
    """Return the page of a bill by lines, with one space between words."""
    return [" ".join(line.split()) for line in page(SUBJECT, BILL, TABLE, CHEAPER).splitlines()]


def test_equal_resources_share_a_row(lines: list[str]) -> None:
    """Two secrets are one row with their sum; two services stay two, for they are looked at one by one."""
    assert "secrets (2) secret 730 0.0020 1.46" in lines
    assert "services/S Fargate 200 0.1000 20.00" in lines
    assert "services/T Fargate 200 0.1000 20.00" in lines
    assert lines.count("address 200 0.0050 1.00") == 2


def test_the_total_is_per_hour_and_per_month(lines: list[str]) -> None:
    """Per hour while everything runs, and per month."""
    assert f"total 0.2120 {0.002 * 730 + 0.21 * 200:.2f}" in lines


def test_the_page_lists_what_the_total_leaves_out(lines: list[str]) -> None:
    """Charges per use, resources without a price, and charges outside any environment."""
    assert "platform/W a worker 0.0200" in lines
    assert "platform/C paid by metric" in lines
    assert any(line.startswith("Not in it: tax") for line in lines)
    assert any(line.startswith("Assumed:") for line in lines)


def test_the_page_lists_savings(lines: list[str]) -> None:
    """Each change alone, and what is left with all; nothing where there is nothing to change."""
    assert "What would be saved a month, each alone; with all of it 28.50:" in lines
    assert "fargate.capacity: spot 13.00" in lines
    assert "fargate.architecture: arm64 4.00" in lines
    assert "saved" not in page(SUBJECT, BILL, TABLE, DEAREST)
    one = Savings(CHEAPER.each[:1], 31.0)
    assert "each alone; then 31.00:" in page(SUBJECT, BILL, TABLE, one)


def test_the_page_names_date_and_source_of_prices(lines: list[str]) -> None:
    """The date and source of the prices, and against what the sum is held."""
    assert lines[0] == f"demo in us-west-2: list prices in USD as of {TABLE.date}"
    assert any(TABLE.source in line for line in lines)
    assert any(line.startswith("Amazon MWAA mw1.small: 357.70 a month, 0.49 an hour") for line in lines)


def test_a_region_without_prices_is_named() -> None:
    """The page says whose prices it prints instead."""
    text = page(Subject(name="demo", region="eu-central-1"), BILL, TABLE, DEAREST)
    assert "Those of eu-central-1 are not known here" in text
    assert "not known here" not in page(SUBJECT, BILL, TABLE, DEAREST)


def test_a_ttl_has_its_own_total() -> None:
    """What an environment costs that lives three days, next to what it would cost in a month."""
    brief = Subject(name="demo", region="us-west-2", ttl="3d")
    text = page(brief, BILL, TABLE, DEAREST)
    assert f"It deletes itself after 3d; until then it costs {3 * BILL.daily:.2f}." in text
    assert brief.lifetime_cost(BILL) == pytest.approx(BILL.monthly * 72 / 730)
    assert SUBJECT.lifetime_cost(BILL) is None


def test_a_database_that_is_yours_is_not_in_it() -> None:
    """Whoever runs it pays for it."""
    text = page(replace(SUBJECT, database="db.example.com:5432/airflow"), BILL, TABLE, DEAREST)
    assert "the database db.example.com:5432/airflow, which is yours" in text
    assert "yours" not in page(SUBJECT, BILL, TABLE, DEAREST)
