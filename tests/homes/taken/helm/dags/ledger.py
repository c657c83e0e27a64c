"""Closes the books of a day."""

import datetime
import pathlib

from airflow.decorators import dag, task

ACCOUNTS = pathlib.Path(__file__).with_name("accounts.csv")


@dag(start_date=datetime.datetime(2024, 1, 1), schedule="@daily", catchup=False)
def ledger():
    @task
    def accounts():
        return ACCOUNTS.read_text().split()

    @task
    def close(names):
        return len(names)

    close(accounts())


ledger()
