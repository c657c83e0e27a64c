"""Schedules are read from DAG files without running them; what a file does not write out is named."""

from datetime import timedelta
from pathlib import Path

import pytest

from cli.sleeping.cron import Cron
from cli.sleeping.dag_schedules import DagSchedule, dag_schedules


def _only(tmp_path: Path, text: str, *, daily: bool = False) -> DagSchedule:
    (tmp_path / "orders.py").write_text(f"{text}\n")
    (found,) = dag_schedules(tmp_path, daily=daily)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "DAG('a', schedule='0 2 * * *')",
        "airflow.DAG(dag_id='a', schedule_interval='@daily')",
        "with DAG('a', timetable=CronTriggerTimetable('0 2 * * *', timezone='UTC')): pass",
        "@dag(schedule='0 2 * * *')\ndef a(): pass",
    ],
)
def test_a_cron_expression_is_read(tmp_path: Path, text: str) -> None:
    """However the DAG is written."""
    found = _only(tmp_path, text)
    assert found.dag == "a"
    assert isinstance(found.rhythm, Cron)


@pytest.mark.parametrize("text", ["timedelta(hours=4)", "datetime.timedelta(hours=4)", "pendulum.duration(hours=4)"])
def test_a_period_is_read(tmp_path: Path, text: str) -> None:
    """In days, hours and minutes."""
    assert _only(tmp_path, f"DAG('a', schedule={text})").rhythm == timedelta(hours=4)


@pytest.mark.parametrize("schedule", ["None", "'@once'"])
def test_a_dag_that_people_start_is_never_due(tmp_path: Path, schedule: str) -> None:
    """And nothing about it is unknown."""
    assert _only(tmp_path, f"DAG('a', schedule={schedule})") == DagSchedule(dag="a")


@pytest.mark.parametrize(("daily", "rhythm"), [(True, timedelta(days=1)), (False, None)])
def test_without_a_schedule_it_depends_on_the_release(tmp_path: Path, rhythm: timedelta | None, *, daily: bool) -> None:
    """Airflow 2 runs it every day, Airflow 3 never."""
    assert _only(tmp_path, "DAG('a')", daily=daily).rhythm == rhythm


def test_one_that_never_pauses_is_always_due(tmp_path: Path) -> None:
    """Its next run begins when the last has ended."""
    assert _only(tmp_path, "DAG('a', schedule='@continuous')").always


@pytest.mark.parametrize(
    ("arguments", "unread"),
    [
        ("schedule=[Asset('s3://a')]", "its schedule is [Asset('s3://a')]"),
        ("schedule=NIGHTLY", "its schedule is NIGHTLY"),
        ("schedule='0 0 L * *'", "its schedule is '0 0 L * *'"),
        ("timetable=Workdays()", "its schedule is Workdays()"),
        ("**settings", "its schedule may be in what it unpacks"),
    ],
)
def test_what_is_not_written_out_is_named(tmp_path: Path, arguments: str, unread: str) -> None:
    """It is not guessed."""
    assert _only(tmp_path, f"DAG(NAME, {arguments})") == DagSchedule(dag="orders", unread=unread)


def test_a_file_that_cannot_be_parsed_is_passed_over(tmp_path: Path) -> None:
    """So is one that is not there: a deploy says so."""
    (tmp_path / "broken.py").write_text("def (")
    assert dag_schedules(tmp_path, daily=True) == dag_schedules(tmp_path / "nowhere", daily=True) == ()
