"""Amazon's own Airflow beside a bill."""

import pytest

from cli.cost.rivals import rivals_data, rivals_text, small_monthly, task_hours
from pricing.bill import Bill, Line
from pricing.table import HOURS_PER_MONTH, price_table

TABLE = price_table()
BILL = Bill(lines=(Line(path="a/B", item="x", hourly=104 / HOURS_PER_MONTH),), per_use=(), unpriced=())


def test_the_smallest_environment_is_priced_by_the_month() -> None:
    """730 hours of it."""
    assert small_monthly(TABLE) == pytest.approx(357.70)


def test_serverless_is_compared_by_hours_of_tasks() -> None:
    """It costs nothing while no task runs."""
    assert task_hours(BILL, TABLE) == pytest.approx(1000)


def test_each_rival_has_price_date_source_and_limits() -> None:
    """Both for people and as data."""
    text, data = rivals_text(BILL, TABLE), rivals_data(BILL, TABLE)
    assert "this is 0.29 of it." in text
    assert "1000 hours of tasks a month cost what this does." in text
    for rival in ("mwaa_small", "mwaa_serverless"):
        known = data[rival]
        assert known["limits"] in text
        assert f"({known['source']}, {known['date']})" in text
