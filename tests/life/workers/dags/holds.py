"""A DAG whose tasks say which release they run: by what they import first, and by what they import late."""
# ruff: noqa: PLC0415, T201  a late import is what is tested; what a task prints is in its log

from __future__ import annotations

import time
from datetime import datetime

import words

try:
    from airflow.sdk import dag, task
except ImportError:
    from airflow.decorators import dag, task


@dag(schedule=None, start_date=datetime(2021, 1, 1), catchup=False)
def holds():
    """Run two tasks, between which somebody may push."""

    @task
    def first() -> None:
        print(f"first says {words.WORD}")
        time.sleep(3)

    @task
    def second() -> None:
        import late_words

        print(f"second says {words.WORD} and {late_words.WORD}")

    first() >> second()


holds()
