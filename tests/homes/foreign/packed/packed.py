"""A DAG that lies in an archive with the package that it imports."""

from datetime import datetime

try:
    from airflow.sdk import dag, task
except ImportError:
    from airflow.decorators import dag, task

from parcel import CONTENT


@dag(schedule=None, start_date=datetime(2021, 1, 1), catchup=False)
def packed():
    """Say what is in the parcel."""

    @task
    def unpack() -> str:
        """Return what came with the DAG."""
        return CONTENT

    unpack()


packed()
