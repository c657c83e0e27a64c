"""Two weeks of an environment that sleeps until something is due, on the database of each Airflow.

Timetables, runs, triggers and retries are Airflow's own, and so is what the watch reads. Schedules, the start of the
database and what the tasks do are played, minute by minute.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from spec.releases.table import Release
from tests.runtime.due.least import Stages, least_awake
from tests.runtime.due.scripted import run_script

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]

MINUTE = timedelta(minutes=1)
MOST = 1.3
"""How many times the least possible it may be awake."""

DAGS = """
from airflow.timetables.trigger import CronTriggerTimetable
def dag(name, schedule, **more):
    with DAG(name, schedule=schedule, start_date=datetime.fromisoformat(os.environ["MONDAY"]), catchup=False):
        EmptyOperator(task_id="one", retries=1, retry_delay=timedelta(hours=2), **more)
dag("nightly", "0 2 * * *", outlets=[Asset("s3://inside/a")])
dag("mornings", "0 8-11 * * 1-5")
dag("weekly", CronTriggerTimetable("30 5 * * 6", timezone="UTC"))
dag("reports", [Asset("s3://inside/a")])
dag("waits", "0 14 * * 2")
dag("retries", "0 20 * * 4")
"""

SCRIPT = """
from airflow.models.serialized_dag import SerializedDagModel
from windsock_runtime.due.alarm import Alarm, Settings
from windsock_runtime.due.watch import SHORTEST, Watch

M = timedelta(minutes=1)
MONDAY = datetime.fromisoformat(os.environ["MONDAY"])
DATABASE, BOOT = 6 * M, 2 * M  # what the starts take
GRACE = 15 * M
STAGES = {  # what the task of each DAG does, and for how many minutes
    "nightly": [("running", 20)], "mornings": [("running", 5)], "weekly": [("running", 30)],
    "reports": [("running", 5)], "waits": [("running", 1), ("deferred", 240), ("running", 5)],
    "retries": [("running", 3), ("up_for_retry", 120), ("running", 3)],
}
SETTINGS = Settings(
    grace=GRACE, wake_before=15 * M, learns=True, hours=None, database_on=("database-on",),
    database_off=("database-off",), services_on=("scheduler-on",), services_off=(), scheduler_off=("scheduler-off",),
    late=("late",),
)

class Schedules:
    def __init__(self):
        names = (*SETTINGS.on, *SETTINGS.off, *SETTINGS.late)
        self.all = {name: {"Name": name, "State": "DISABLED", "ScheduleExpression": "rate(1 day)"} for name in names}
    def get_schedule(self, *, Name): return dict(self.all[Name])
    def update_schedule(self, **request):
        if "StartDate" in request: request["StartDate"] = datetime.fromisoformat(request["StartDate"].isoformat())
        self.all[request["Name"]] = request  # a moment of AWS is a plain one, whatever Airflow makes of moments
    def rings(self, name, now):
        one = self.all[name]
        if one["State"] != "ENABLED" or (one.get("StartDate") or now) > now: return False
        when = one["ScheduleExpression"]
        if when.startswith("at("):
            moment = datetime.fromisoformat(when[3:-1]).replace(tzinfo=now.tzinfo)
            return now - M < moment <= now
        return now.minute % 5 == 0

class Airflow:
    def __init__(self):
        self.infos, self.going, self.begun, self.spans, self.resumed = {}, {}, [], [], []
        for name in STAGES: self.follow(name)
    def follow(self, name):
        with create_session() as session:
            dag, last = SerializedDagModel.get(name, session=session).dag, self.infos.get(name)
            try:
                info = dag.next_dagrun_info(last_automated_run_info=last)
            except TypeError:
                info = dag.next_dagrun_info(last and last.data_interval)
            self.infos[name] = info
            due = info and info.run_after
            session.query(DagModel).filter_by(dag_id=name).update({"next_dagrun_create_after": due})
    def work(self, now):
        for name, info in list(self.infos.items()):
            if info and info.run_after <= now:
                self.begin(name, info.run_after, now)
                self.follow(name)
        for run, (name, stage, until, since) in list(self.going.items()):
            if until <= now:
                self.spans.append((since.isoformat(), until.isoformat()))
                if STAGES[name][stage][0] != "running": self.resumed.append((name, until.isoformat(), now.isoformat()))
                self.go_on(run, name, stage + 1, now)
    def begin(self, name, due, now):
        run = f"{name}-{due:%m%d%H%M}"
        trigger_dag(name, run_id=run, **(by or {"execution_date": due}))
        self.begun.append((name, due.isoformat(), now.isoformat()))
        self.go_on(run, name, 0, now)
    def go_on(self, run, name, stage, now):
        over = stage == len(STAGES[name])
        state, minutes = ("success", 0) if over else STAGES[name][stage]
        until = now + minutes * M
        with create_session() as session:
            session.query(DagRun).filter_by(dag_id=name, run_id=run).one().state = "success" if over else "running"
            task = session.query(TaskInstance).filter_by(dag_id=name, run_id=run).one()
            task.state, task.end_date, task.try_number, task.trigger_id = state, now, 1, None
            if state == "deferred":
                trigger = Trigger.from_object(DateTimeTrigger(until))
                session.add(trigger)
                session.flush()
                task.trigger_id = trigger.id
        if over:
            del self.going[run]
            if name == "nightly": self.begin("reports", now, now)
        else:
            self.going[run] = (name, stage, until, now)
    @property
    def busy(self): return [run for run, (name, stage, *_) in self.going.items() if STAGES[name][stage][0] == "running"]

failed = []
def looked(*given):
    try:
        return look(*given)
    except Exception as error:
        failed.append(repr(error))
        raise

now, schedules, airflow = MONDAY, Schedules(), Airflow()
database, services, beat, watch, awake, wakes, told, interrupted = now - DATABASE, now - BOOT, None, None, 0, 0, [], []
while now < MONDAY + timedelta(weeks=2):
    if schedules.rings("database-off", now): database = None
    if schedules.rings("scheduler-off", now):
        services = beat = watch = None
        interrupted += airflow.busy
    if schedules.rings("database-on", now) and not database: database = now
    if schedules.rings("scheduler-on", now) and not services: services, wakes = now, wakes + 1
    if schedules.rings("late", now): told.append(now.isoformat())
    if database and services and now >= max(database + DATABASE, services) + BOOT:
        if watch is None: beat, watch = now, Watch(Alarm(SETTINGS, schedules), looked, lambda: beat, lambda: "")
        airflow.work(now)
        watch.look(now)
    awake += bool(services)
    now += M
print("WEEKS " + json.dumps({
    "awake": awake, "wakes": wakes, "told": told, "interrupted": interrupted, "begun": airflow.begun,
    "failed": failed[:3], "spans": airflow.spans, "resumed": airflow.resumed,
    "said": schedules.all["scheduler-on"]["Description"],
    "stages": {"shortest": SHORTEST // M, "grace": GRACE // M, "boot": BOOT // M},
}))
"""


@dataclass(frozen=True)
class Weeks:
    """What happened in two weeks."""

    monday: datetime
    seen: Mapping[str, Any]

    def due(self, dag: str) -> list[datetime]:
        """Return when runs of a DAG were due that began."""
        return [datetime.fromisoformat(due) for name, due, _ in self.seen["begun"] if name == dag]

    @property
    def least(self) -> float:
        """Minutes for which services run at least: for their start, what is done, the grace, and pauses too short."""
        spans = [(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in self.seen["spans"]]
        stages = Stages(**{name: minutes * MINUTE for name, minutes in self.seen["stages"].items()})
        return least_awake(spans, self.monday, stages) / MINUTE


@pytest.fixture(scope="module")
def weeks(release: Release, virtualenv: Path, tmp_path_factory: pytest.TempPathFactory) -> Weeks:
    """Play them."""
    folder = tmp_path_factory.mktemp("weeks")
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today + timedelta(days=7 - today.weekday())
    quiet = {"AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING", "MONDAY": monday.isoformat()}
    lines = run_script(release, virtualenv, folder, DAGS, SCRIPT, **quiet)
    (seen,) = (json.loads(line.removeprefix("WEEKS ")) for line in lines if line.startswith("WEEKS "))
    return Weeks(monday, seen)


def test_every_run_begins_within_a_minute_and_none_is_lost_or_doubled(weeks: Weeks) -> None:
    """By cron, by a timetable, on an asset, after a trigger of four hours and a retry of two."""
    for _, due, began in [*weeks.seen["begun"], *weeks.seen["resumed"]]:
        assert timedelta() <= datetime.fromisoformat(began) - datetime.fromisoformat(due) <= timedelta(minutes=1)
    nights, weekly = weeks.due("nightly"), weeks.due("weekly")
    assert {after - before for before, after in pairwise(nights)} == {timedelta(days=1)}
    assert len(nights) == len(weeks.due("reports")) >= 13
    assert [moment.weekday() for moment in weekly] == [5, 5]
    mornings = weeks.due("mornings")
    assert len(mornings) == len({*mornings}) >= 39
    assert [name for name, *_ in weeks.seen["resumed"]].count("waits") == len(weeks.due("waits")) >= 1
    assert [name for name, *_ in weeks.seen["resumed"]].count("retries") == len(weeks.due("retries")) >= 1


def test_it_is_awake_hardly_longer_than_it_must_be(weeks: Weeks) -> None:
    """It sleeps often, and stops nothing that runs."""
    assert weeks.seen["wakes"] > 20
    assert weeks.seen["interrupted"] == []
    assert weeks.seen["awake"] <= MOST * weeks.least, (weeks.seen["awake"], weeks.least)


def test_it_has_learnt_from_its_starts(weeks: Weeks) -> None:
    """And told nobody that it was late."""
    assert "; starts took " in weeks.seen["said"]
    assert weeks.seen["told"] == []
    assert weeks.seen["failed"] == []
