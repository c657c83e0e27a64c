"""The hours of a month in which an environment is awake follow from the schedules of its DAGs."""

from datetime import timedelta
from pathlib import Path

import pytest

from cli.sleeping.awake_hours import RUN, AwakeHours, awake_hours
from pricing.table import HOURS_PER_MONTH
from runtime.due import alarm, watch
from spec.sections.schedules.due import LONGEST_SLEEP, SHORTEST_SLEEP, STOPS, Due
from tests.spec.minimal import minimal

MONTH = HOURS_PER_MONTH / 8760
ONE = timedelta(minutes=15) + RUN + timedelta(minutes=15) + STOPS
"""How long it is awake for a run that stands alone."""


def _awake(tmp_path: Path, *schedules: str, due: Due | None = None) -> AwakeHours:
    (tmp_path / "dags").mkdir()
    text = "".join(f"DAG('d{number}', schedule={schedule})\n" for number, schedule in enumerate(schedules))
    (tmp_path / "dags/all.py").write_text(text)
    return awake_hours(minimal(), due or Due(when="due"), tmp_path)


def _hours(times: float, each: timedelta = ONE) -> float:
    return times * (each / timedelta(hours=1)) * MONTH


@pytest.mark.parametrize(
    ("schedules", "hours"),
    [
        (("'0 2 * * *'",), _hours(365)),
        (("'0 2 * * *'", "'0 2 * * *'"), _hours(365)),
        (("'0 2 * * *'", "'0 12 * * *'"), _hours(730)),
        (("'0 2 * * *'", "'5 2 * * *'"), _hours(365, ONE + timedelta(minutes=5))),
        (("'0 2 * * *'", "'0 3 * * *'"), _hours(365, ONE + timedelta(minutes=60))),
    ],
)
def test_it_is_awake_around_what_is_due(tmp_path: Path, schedules: tuple[str, ...], hours: float) -> None:
    """From the waking to the stop; runs at one time share it, and a pause that is too short is none."""
    assert _awake(tmp_path, *schedules).hours == pytest.approx(hours, rel=0.01)


def test_an_hourly_dag_never_lets_it_sleep(tmp_path: Path) -> None:
    """There is no hour between."""
    awake = _awake(tmp_path, "'@hourly'")
    assert awake.hours == pytest.approx(HOURS_PER_MONTH, rel=0.01)
    assert not awake.pays
    assert awake.words == "d0 (730 runs)"


def test_without_anything_due_it_wakes_once_in_six_days(tmp_path: Path) -> None:
    """AWS would start the database by itself after seven."""
    awake = _awake(tmp_path, "None")
    assert awake.hours == pytest.approx(_hours(365 // 6, ONE - RUN), rel=0.01)
    assert awake.pays
    assert awake.runs == {}


def test_office_hours_count(tmp_path: Path) -> None:
    """With the waking before and the grace after them."""
    due = Due(when="due", on="08:00-18:00 Mon,Thu", timezone="UTC")
    assert _awake(tmp_path, due=due).hours == pytest.approx(_hours(104, ONE - RUN + timedelta(hours=10)), rel=0.03)


def test_a_dag_that_never_pauses_keeps_it_awake(tmp_path: Path) -> None:
    """All month."""
    assert _awake(tmp_path, "'@continuous'").hours == HOURS_PER_MONTH


def test_what_is_not_known_is_named(tmp_path: Path) -> None:
    """With the DAG."""
    assert _awake(tmp_path, "NIGHTLY").unread == ("d0: its schedule is NIGHTLY",)


def test_a_sleep_has_the_bounds_of_the_watch() -> None:
    """The code in the containers knows them on its own."""
    assert (SHORTEST_SLEEP, LONGEST_SLEEP, STOPS) == (watch.SHORTEST, alarm.LONGEST, alarm.STOPS)
