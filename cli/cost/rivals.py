"""Puts Amazon's own Airflow beside a bill: what it costs, and what it does not do."""

from collections.abc import Iterator
from typing import Any

from pricing.bill import Bill
from pricing.table import HOURS_PER_MONTH, PriceTable

SMALL, SERVERLESS = "mwaa.small.hour", "mwaa_serverless.task_hour"

SMALL_LIMITS = (
    "5 tasks at once and 50 DAGs by default; its NAT gateways and the bucket of its DAGs come on top "
    "(https://docs.aws.amazon.com/mwaa/latest/userguide/environment-class.html)"
)
SERVERLESS_LIMITS = (
    "Airflow 3 with Python 3.12 alone, a worker of its own for each workflow, and at least a minute paid of each task "
    "(https://docs.aws.amazon.com/mwaa/latest/mwaa-serverless-userguide/what-is-mwaa-serverless.html)"
)


def small_monthly(table: PriceTable) -> float:
    """Return what the smallest common environment of Amazon MWAA costs a month."""
    return table.amount(SMALL) * HOURS_PER_MONTH


def task_hours(bill: Bill, table: PriceTable) -> float:
    """Return for how many hours of tasks MWAA Serverless costs what this environment does."""
    return bill.monthly / table.amount(SERVERLESS)


def rivals_text(bill: Bill, table: PriceTable) -> str:
    """Return a sentence for each rival, and one with its limits."""
    return "\n".join(_lines(bill, table))


def rivals_data(bill: Bill, table: PriceTable) -> dict[str, Any]:
    """Return the same as plain data."""
    small, serverless = table.prices[SMALL], table.prices[SERVERLESS]
    return {
        "mwaa_small": {
            "monthly": small_monthly(table),
            "ratio": bill.monthly / small_monthly(table),
            "date": small.date,
            "source": small.source,
            "limits": SMALL_LIMITS,
        },
        "mwaa_serverless": {
            "task_hour": serverless.amount,
            "task_hours_for_this": task_hours(bill, table),
            "date": serverless.date,
            "source": serverless.source,
            "limits": SERVERLESS_LIMITS,
        },
    }


def _lines(bill: Bill, table: PriceTable) -> Iterator[str]:
    small, serverless, monthly = table.prices[SMALL], table.prices[SERVERLESS], small_monthly(table)
    yield (
        f"Amazon MWAA mw1.small: {monthly:.2f} a month, {small.amount} an hour ({small.source}, {small.date}); "
        f"this is {bill.monthly / monthly:.2f} of it."
    )
    yield f"  {SMALL_LIMITS}."
    yield (
        f"Amazon MWAA Serverless: {serverless.amount} for an hour of a task ({serverless.source}, {serverless.date}); "
        f"{task_hours(bill, table):.0f} hours of tasks a month cost what this does."
    )
    yield f"  {SERVERLESS_LIMITS}."
