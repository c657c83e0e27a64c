"""Counts the shipments that are late."""

from pathlib import Path

from airflow.decorators import dag, task
from pendulum import datetime

from include.dates import late_by


@dag(start_date=datetime(2024, 1, 1), schedule=None, catchup=False, tags=["shipments"])
def shipments():
    @task
    def query():
        return Path("/opt/airflow/include/sql/late.sql").read_text().split()[0]

    @task
    def report(word):
        assert word == "SELECT"
        return late_by(4)

    report(query())


shipments()
