"""What the database of each Airflow says is due: its own schema, with DAGs that it serialized and runs that it made."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from spec.releases.table import Release
from tests.runtime.due.scripted import run_script

pytestmark = pytest.mark.airflow

DAGS = """
BEFORE = 1 if Asset.__module__.startswith("airflow.sdk") else 25  # Airflow 2: a run begins when its day is over
night = datetime.fromisoformat(os.environ["NIGHT"])
def dag(name, schedule=None, **more):
    return DAG(name, schedule=schedule, start_date=night - timedelta(hours=BEFORE), catchup=False, **more)
with dag("nightly", f"{night.minute} {night.hour} * * *"):
    EmptyOperator(task_id="makes", outlets=[Asset("s3://inside/a")])
with dag("paused", f"{night.minute} {(night - timedelta(hours=1)).hour} * * *", is_paused_upon_creation=True):
    EmptyOperator(task_id="one")
with dag("inside", schedule=[Asset("s3://inside/a")]): EmptyOperator(task_id="one")
with dag("outside", schedule=[Asset("s3://outside/b")]): EmptyOperator(task_id="one")
with dag("waits"):
    EmptyOperator(task_id="one", retries=1, retry_delay=timedelta(hours=2))
"""

ALONE = "processes and tasks under the name of a person"
SCRIPT = """
from airflow.models.taskreschedule import TaskReschedule
from airflow.utils import timezone
from sqlalchemy import text
from windsock_runtime.due.look import main as print_outlook
NOW, GRACE = timezone.utcnow(), timedelta(minutes=15)
def tell(name, now=None):
    now = now or timezone.utcnow()
    seen = look(now, GRACE)
    following = (seen.next.what, seen.next.at.isoformat()) if seen.next else None
    worked = seen.worked_at and (now - seen.worked_at).total_seconds() / 60
    print("TOLD", json.dumps([name, seen.awake, now.isoformat(), following, worked]))
def pause(dag, paused=True):
    with create_session() as session:
        session.query(DagModel).filter_by(dag_id=dag).update({"is_paused": paused})
def state(task_state, run_state="running", **more):
    with create_session() as session:
        run = session.query(DagRun).filter_by(dag_id="waits", run_id="r").one()
        run.state = run_state
        task = session.query(TaskInstance).filter_by(dag_id="waits", task_id="one").one()
        task.state, task.end_date, task.trigger_id, task.trigger_timeout = task_state, NOW, None, None
        for name, value in more.items(): setattr(task, name, value)
def trigger(of):
    with create_session() as session:
        made = Trigger.from_object(of) if of else Trigger("somebody.Else", {})
        session.add(made)
        session.flush()
        return made.id
def run(statement, **values):
    with create_session() as session: session.execute(text(statement), values)
tell("an event from outside")
pause("outside")
tell("nothing but the night")
run("update dag set has_import_errors = true where dag_id = 'nightly'")
tell("a broken file")
run("update dag set has_import_errors = false where dag_id = 'nightly'")
pause("waits", False)
trigger_dag("waits", run_id="r", **by)
tell("a queued run")
state("running")
tell("a running task")
pause("waits")
tell("a running task of a paused DAG")
state("scheduled")
tell("a scheduled task of a paused DAG")
pause("waits", False)
state(None)
tell("a run between its tasks")
state("up_for_retry", try_number=1)
tell("a retry")
state("deferred", trigger_id=trigger(TimeDeltaTrigger(timedelta(hours=4))))
tell("a trigger with a time")
state("deferred", trigger_id=trigger(None))
tell("a trigger without a time")
state("up_for_reschedule")
with create_session() as session:
    task = session.query(TaskInstance).filter_by(dag_id="waits", task_id="one").one()
    of = {"ti_id": task.id} if hasattr(TaskReschedule, "ti_id") else {
        "task_id": "one", "dag_id": "waits", "run_id": "r", "map_index": -1, "try_number": 1}
    for hours in (1, 3):
        made = TaskReschedule.__new__(TaskReschedule)
        TaskReschedule._sa_class_manager.setup_instance(made)
        for name, value in {**of, "start_date": NOW, "end_date": NOW, "duration": 1,
                            "reschedule_date": NOW + timedelta(hours=hours)}.items():
            setattr(made, name, value)
        session.add(made)
tell("a sensor that looks again")
state("success", "success")
tell("a run that is over")
run("insert into ab_user (id, first_name, last_name, username, email, last_login) values"
    " (99, 'a', 'b', 'ada', 'a@b', :at)", at=NOW.replace(tzinfo=None) - timedelta(minutes=5))
tell("a login")
run("update ab_user set last_login = null")
run("insert into log (id, dttm, event, owner) values (9999, :at, 'clear', 'ada')", at=NOW - timedelta(minutes=1))
tell("a click")
run("delete from log where id = 9999")
tell("nobody")
for number, (event, of) in enumerate((("cli_scheduler", None), ("running", -1), ("success", 0), ("release", -1)), 9000):
    run("insert into log (id, dttm, event, owner, map_index) values (:id, :at, :event, 'ada', :of)",
        id=number, at=NOW, event=event, of=of)
tell("processes and tasks under the name of a person")
from windsock_runtime.due.heartbeat import last_heartbeat
print("BEAT", last_heartbeat())
for at in (NOW, NOW - timedelta(hours=1)):
    run("insert into job (job_type, state, latest_heartbeat) values ('SchedulerJob', 'running', :at)", at=at)
run("insert into job (job_type, latest_heartbeat) values ('TriggererJob', :at)", at=NOW + timedelta(hours=1))
print("BEAT", last_heartbeat() == NOW)
print_outlook()
if not by:
    lasts = timedelta(minutes=43200)
    fresh, stale = NOW.replace(tzinfo=None) + lasts, NOW.replace(tzinfo=None) + lasts - timedelta(hours=1)
    insert = "insert into session (id, session_id, data, expiry) values (:id, :id, :data, :at)"
    run(insert, id=1, data=b"{'_user_id': '1'}", at=stale)
    run(insert, id=2, data=b"{'csrf_token': '1'}", at=fresh)
    tell("an old page, and a stranger at the login")
    run(insert, id=3, data=b"{'_user_id': '1'}", at=fresh)
    tell("a page")
    run("delete from session")
tell("the night draws near", datetime.fromisoformat(os.environ["NIGHT"]) - timedelta(minutes=10))
"""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What was said of one database at each of its states: what keeps Airflow awake, and what comes next."""

    states: Mapping[str, Any]
    night: datetime
    printed: Mapping[str, Any]
    beats: Sequence[str]

    def awake(self, state: str) -> list[str]:
        """Return what keeps Airflow awake."""
        awake: list[str] = self.states[state][0]
        return awake

    def worked(self, state: str) -> float | None:
        """Return how many minutes ago a person last worked in Airflow; None if nobody did."""
        minutes: float | None = self.states[state][-1]
        return minutes

    def next(self, state: str) -> tuple[str, timedelta] | None:
        """Return what comes next if nothing keeps Airflow awake, and after how long."""
        awake, now, following, _ = self.states[state]
        assert awake == []
        return following and (following[0], datetime.fromisoformat(following[1]) - datetime.fromisoformat(now))


@pytest.fixture(scope="module")
def told(release: Release, virtualenv: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Lead one database through all states, in one process."""
    folder = tmp_path_factory.mktemp("due")
    night = datetime.now(UTC).replace(minute=30, second=0, microsecond=0) + timedelta(hours=7)
    lines = run_script(release, virtualenv, folder, DAGS, SCRIPT, NIGHT=night.isoformat())
    entries = [json.loads(line.removeprefix("TOLD ")) for line in lines if line.startswith("TOLD ")]
    (printed,) = (json.loads(line) for line in lines if line.startswith('{"awake"'))
    beats = [line.removeprefix("BEAT ") for line in lines if line.startswith("BEAT ")]
    return Told(states={name: rest for name, *rest in entries}, night=night, printed=printed, beats=beats)


def test_the_next_run_of_a_timetable_is_what_comes_next(told: Told) -> None:
    """Paused DAGs and those on a dataset that a DAG here updates neither come next nor keep it awake."""
    what, after = told.next("nothing but the night") or ("", timedelta())
    assert what == "the next run of nightly"
    assert timedelta(hours=6) < after < timedelta(hours=8)
    (late,) = told.awake("the night draws near")
    assert late == f"the next run of nightly at {told.night:%Y-%m-%d %H:%M}"


def test_a_file_that_cannot_be_imported_makes_no_run(told: Told) -> None:
    """The scheduler passes its DAGs over, so nobody wakes for them."""
    assert told.next("a broken file") is None


def test_an_event_from_outside_keeps_it_awake(told: Told) -> None:
    """The DAG that waits for it is named."""
    (awake,) = told.awake("an event from outside")
    assert awake.startswith("outside waits for s3://outside/b")


@pytest.mark.parametrize(
    ("state", "awake"),
    [
        ("a queued run", "run r of waits is queued"),
        ("a running task", "task waits.one of r is running"),
        ("a running task of a paused DAG", "task waits.one of r is running"),
        ("a run between its tasks", "run r of waits is running"),
        ("a trigger without a time", "task waits.one of r is deferred"),
    ],
)
def test_what_goes_on_keeps_it_awake(told: Told, state: str, awake: str) -> None:
    """Runs, tasks, and events without a time."""
    assert told.awake(state) == [awake]


@pytest.mark.parametrize(
    ("state", "hours"), [("a retry", 2), ("a trigger with a time", 4), ("a sensor that looks again", 3)]
)
def test_a_task_that_waits_for_a_time_lets_it_sleep_until_then(told: Told, state: str, hours: int) -> None:
    """The time is the task's own: its retry, the moment of its trigger, or when a sensor looks again."""
    what, after = told.next(state) or ("", timedelta())
    assert what.startswith("task waits.one of r is ")
    assert abs(after - timedelta(hours=hours)) < timedelta(minutes=1)


@pytest.mark.parametrize("state", ["a scheduled task of a paused DAG", "a run that is over", "nobody", ALONE])
def test_what_is_over_or_paused_does_not_count(told: Told, state: str) -> None:
    """Only the next night is left."""
    assert (told.next(state) or ("",))[0] == "the next run of nightly"


@pytest.mark.parametrize(("state", "minutes"), [("a login", 5), ("a click", 1)])
def test_it_is_known_when_a_person_last_worked_in_airflow(told: Told, state: str, minutes: int) -> None:
    """By their login, and what they changed."""
    assert told.awake(state) == []
    assert told.worked(state) == pytest.approx(minutes, abs=2)


@pytest.mark.parametrize("state", ["nothing but the night", "nobody", ALONE])
def test_what_processes_and_tasks_do_is_no_work_of_a_person(told: Told, state: str) -> None:
    """Though they note it under the name of one."""
    assert told.worked(state) is None


def test_it_is_known_when_somebody_asked_airflow_2_for_a_page(told: Told, release: Release) -> None:
    """A stranger at the login is nobody; Airflow 3 notes no pages."""
    if release.execution_api:
        pytest.skip("this Airflow notes no pages")
    assert told.worked("an old page, and a stranger at the login") == pytest.approx(60, abs=2)
    assert told.worked("a page") == pytest.approx(0, abs=2)


def test_the_newest_heartbeat_of_a_scheduler_is_known(told: Told) -> None:
    """None before the first, and not that of another process."""
    assert told.beats == ["None", "True"]


def test_the_program_prints_it(told: Told) -> None:
    """As one line of JSON."""
    coming = {"what": "the next run of nightly", "at": str(told.night)}
    assert told.printed == {"awake": [], "next": coming, "worked_at": None}
