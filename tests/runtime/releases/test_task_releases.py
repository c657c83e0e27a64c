"""Airflow 2 says which release a task runs, and how many runs use each."""

import json

import pytest

from tests.runtime.conftest import Home

pytestmark = pytest.mark.airflow

RUNS = """
import json
from datetime import datetime, timedelta
from airflow import DAG, settings
from airflow.models import dagrun, log, taskinstance, trigger
from airflow.models.base import Base
from airflow.operators.empty import EmptyOperator
from airflow.utils import timezone
from airflow.utils.session import create_session
from windsock_runtime.releases import task_releases as ours
tables = ("dag_run", "log", "log_template", "task_instance", "trigger")
Base.metadata.create_all(settings.engine, tables=[Base.metadata.tables[name] for name in tables])
began = timezone.utcnow() - timedelta(minutes=1)
dag = DAG("says", start_date=datetime(2021, 1, 1), schedule=None)
first, second = (EmptyOperator(task_id=name, dag=dag) for name in ("first", "second"))
def run(name, state="running"):
    day = began + timedelta(seconds=len(name))
    return dagrun.DagRun("says", name, execution_date=day, run_type="manual", state=state)
def task(of, run_id, state="running"):
    found = taskinstance.TaskInstance(of, run_id=run_id)
    found.state, found.start_date = state, began
    return found
with create_session() as session:
    session.add_all([run("a"), run("bb"), run("ccc", "queued"), run("dddd", "success"), run("eeeee")])
    session.flush()
    tasks = [task(first, "a"), task(second, "a"), task(first, "bb"), task(first, "dddd")]
    tasks.append(task(first, "eeeee", "success"))
    session.add_all(tasks)
    session.flush()
    session.commit()
    for one, release in zip(tasks, ("old", "older", "old", "old", "old")):
        ours.note_release(one, release)
print(json.dumps(ours.count_runs("new")))
with create_session() as session:
    for one in session.query(log.Log).filter_by(extra="older"): one.dttm = began - timedelta(minutes=1)
print(json.dumps(ours.count_runs("new")))
"""


def test_runs_count_for_the_releases_that_their_tasks_run(followed: Home) -> None:
    """What waits for its next task counts for the current one, and what was noted of an earlier try does not count."""
    database = {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{followed.folder}/airflow.db"}
    both, again = (json.loads(line) for line in followed.run(RUNS, database)[-2:])
    assert both == {"old": 3, "older": 1, "new": 2}
    assert again == {"old": 3, "new": 2}
