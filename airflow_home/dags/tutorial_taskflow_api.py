"""The TaskFlow tutorial DAG: three Python tasks hand each other their results, an ETL in miniature."""

from __future__ import annotations

import json
import logging
from datetime import datetime

# Airflow 3 offers the decorators in the task SDK and deprecates their old place; Airflow 2 has only the old place.
try:
    from airflow.sdk import dag, task
except ImportError:
    from airflow.decorators import dag, task

log = logging.getLogger(__name__)

ORDERS = '{"1001": 301.27, "1002": 433.21, "1003": 502.22}'


@dag(doc_md=__doc__, schedule=None, start_date=datetime(2021, 1, 1), catchup=False, tags=["example", "rehearse"])
def tutorial_taskflow_api():
    """Read orders, add them up and report the total."""

    @task
    def extract() -> dict[str, float]:
        """Read the orders; a hard-coded JSON string stands for the source."""
        return json.loads(ORDERS)

    @task(multiple_outputs=True)
    def transform(orders: dict[str, float]) -> dict[str, float]:
        """Add up the value of all orders."""
        return {"total_order_value": sum(orders.values())}

    @task
    def load(total_order_value: float) -> None:
        """Report the total; a log line stands for the warehouse."""
        log.info("Total order value is: %.2f", total_order_value)

    load(transform(extract())["total_order_value"])


tutorial_taskflow_api()
