"""Counts orders, with a plugin's module, a constant and a file of include/ that must all be there."""

from pathlib import Path

try:
    from airflow.sdk import dag, task
except ImportError:
    from airflow.decorators import dag, task

from acme.naming import label
from include.sql.queries import ORDERS

from shop.clock import OPENING


@dag(schedule=None, start_date=OPENING, catchup=False)
def orders():
    """Say which query it would run."""

    @task
    def count() -> str:
        """Read the query where people say it lies."""
        query = Path("/opt/airflow/include/sql/orders.sql").read_text().strip()
        if query != ORDERS:
            raise ValueError(f"{query} is not {ORDERS}")
        return label(query)

    count()


orders()
