"""A bill adds up."""

import pytest

from pricing.bill import Bill, Line

LINES = (Line(path="a/A", item="all month", hourly=0.01), Line(path="a/B", item="office hours", hourly=0.10, hours=200))


def test_a_month_is_the_price_of_an_hour_times_the_hours() -> None:
    """730 hours unless it lasts less."""
    assert [line.monthly for line in LINES] == pytest.approx([7.30, 20.0])


def test_a_bill_sums_its_lines() -> None:
    """An hour counts everything that ever runs, a month only running hours; prices per use are in neither."""
    bill = Bill(LINES, per_use=(Line(path="a/C", item="a worker", hourly=5.0, hours=1),), unpriced=())
    assert bill.hourly == pytest.approx(0.11)
    assert bill.monthly == pytest.approx(27.30)
    assert bill.daily == pytest.approx(27.30 * 12 / 365)
