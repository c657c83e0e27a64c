"""A DAG of lanes side by side, whose steps follow each other and say when they end."""
# ruff: noqa: T201  what a task prints is in its log

from __future__ import annotations

import time
from datetime import datetime, timedelta

# Airflow 3 offers the decorators in the task SDK and deprecates their old place; Airflow 2 has only the old place.
try:
    from airflow.sdk import dag, task
except ImportError:
    from airflow.decorators import dag, task

LANES, STEPS, SECONDS = 4, 3, 10


@dag(
    schedule=None,
    start_date=datetime(2021, 1, 1),
    catchup=False,
    default_args={"retries": 2, "retry_delay": timedelta(seconds=5)},
)
def lanes():
    """Run the steps of each lane one after the other."""

    @task
    def step() -> None:
        time.sleep(SECONDS)
        print("the step has ended")

    for lane in range(LANES):
        before = None
        for number in range(STEPS):
            now = step.override(task_id=f"lane_{lane}_step_{number}")()
            if before is not None:
                before >> now
            before = now


lanes()
