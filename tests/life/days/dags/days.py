"""What is due in these days: by cron, by a timetable, on an asset, after a trigger of four hours and a retry of two."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Any

try:
    from airflow.sdk import DAG, Asset, BaseOperator
except ImportError:
    from airflow import DAG
    from airflow.datasets import Dataset as Asset
    from airflow.models.baseoperator import BaseOperator
try:
    from airflow.providers.standard.triggers.temporal import DateTimeTrigger
except ImportError:
    from airflow.triggers.temporal import DateTimeTrigger
from airflow.timetables.trigger import CronTriggerTimetable

MONDAY = datetime.fromisoformat(os.environ["MONDAY"])
INSIDE = Asset("s3://inside/a")


class Work(BaseOperator):
    """Succeeds, at the second try if it `fails` before."""

    def __init__(self, *, fails: bool = False, **more: Any) -> None:
        super().__init__(retries=1, retry_delay=timedelta(hours=2), **more)
        self.fails = fails

    def execute(self, context: dict[str, Any]) -> None:
        """Fail or succeed at once."""
        if self.fails and context["ti"].try_number == 1:
            raise RuntimeError("as it should at the first try")


class Wait(BaseOperator):
    """Waits until an hour of the day, without a process of its own."""

    def __init__(self, *, hour: int, **more: Any) -> None:
        super().__init__(**more)
        self.hour = hour

    def execute(self, context: dict[str, Any]) -> None:
        """Wait."""
        until = context["data_interval_end"].replace(hour=self.hour, minute=0, second=0, microsecond=0)
        self.defer(trigger=DateTimeTrigger(moment=until), method_name="go_on")

    def go_on(self, context: dict[str, Any], event: Any = None) -> None:
        """Succeed."""


def dag(name: str, schedule: Any) -> DAG:
    """Return a DAG that begins with them.

    Before 2.7.1 Airflow loses runs of the timetable unless the DAG catches up: https://github.com/apache/airflow/issues/27399
    """
    by_timetable = isinstance(schedule, CronTriggerTimetable)
    return DAG(name, schedule=schedule, start_date=MONDAY, catchup=by_timetable, is_paused_upon_creation=False)


with dag("nightly", "0 2 * * *"):
    Work(task_id="one", outlets=[INSIDE])
with dag("mornings", "0 8-11 * * *"):
    Work(task_id="one")
with dag("weekly", CronTriggerTimetable("30 5 * * 2", timezone="UTC")):
    Work(task_id="one")
with dag("reports", [INSIDE]):
    Work(task_id="one")
with dag("waits", CronTriggerTimetable("0 14 * * 2", timezone="UTC")):
    Wait(task_id="one", hour=18)
with dag("retries", CronTriggerTimetable("0 20 * * 2", timezone="UTC")):
    Work(task_id="one", fails=True)
