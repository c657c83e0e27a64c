"""A DAG whose only task imports late, long after it began: somebody may push meanwhile."""
# ruff: noqa: PLC0415, T201  a late import is what is tested; what a task prints is in its log

from __future__ import annotations

import time
from datetime import datetime

import words

try:
    from airflow.sdk import dag, task
except ImportError:
    from airflow.decorators import dag, task

SECONDS = 180


@dag(schedule=None, start_date=datetime(2021, 1, 1), catchup=False)
def lingers():
    """Run one task, which takes its time."""

    @task
    def only() -> None:
        print(f"only begins with {words.WORD}")
        time.sleep(SECONDS)
        import late_words

        print(f"only says {words.WORD} and {late_words.WORD}")

    only()


lingers()
