"""The life of an environment that sleeps unless something is due: it sets its own alarm, sleeps, and wakes by it."""

import json
import os
import shutil
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError

import pytest

from acceptance.schedule_checks import AFTER_CLOSING
from acceptance.sessions import find_kept
from cli.terminal.cache_dir import cache_root
from rehearsal.emulator.rules import fake_clock
from tests.life.kept import ROOT, Kept, keeping, windsock
from tests.life.waiting import until

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]

DAG = "tutorial_taskflow_api"
LATEST, CONTAINER, OLDEST = "tests/life/due.yaml", "tests/life/due-2.11.yaml", "tests/life/due-2.5.yaml"
PUSHED = """
from datetime import datetime
from airflow.decorators import dag, task
@dag(schedule=None, start_date=datetime(2026, 1, 1))
def {name}():
    @task
    def say(): return "{name}"
    say()
{name}()
"""


@pytest.mark.parametrize("environment", [LATEST, CONTAINER, OLDEST])
def test_a_rehearsal_falls_asleep_by_itself_and_wakes_by_its_alarm(environment: str) -> None:
    """Nobody says when: it sets its alarm when nothing is due, and a DAG succeeds after the waking."""
    done = windsock("rehearse", environment, "--port", "0", "--endpoint-port", "0", "--dag", DAG, "--json")
    assert done.returncode == 0, done.stderr
    proof = json.loads(done.stdout)
    saw = {step["name"]: step["saw"] for step in proof["acts"]}
    assert saw["asleep"].startswith("no service runs, the database is stopped: Asleep until ")
    alarm, _, page = saw["asleep"].partition(", browsers read: It wakes by itself at ")
    assert page
    assert page.removesuffix(".") in alarm
    assert saw["alarm"].endswith(f"{DAG} succeeded")
    assert proof["left"] == []


@pytest.fixture(scope="module")
def asleep() -> Iterator[Kept]:
    """Keep an environment until it has set its alarm by itself, and let all that it arranged come."""
    with keeping(LATEST, "--dag", DAG) as kept:
        until(lambda: str(_status(kept)["alarm"]).startswith("Asleep"))
        emulator = find_kept(cache_root(os.environ), kept.variables["AWS_ENDPOINT_URL"])
        assert emulator
        fake_clock.set_to(emulator.directory, (datetime.now(UTC) + AFTER_CLOSING).timestamp())
        until(lambda: bool(_status(kept)["asleep"]) and _asked(kept)[0] == HTTPStatus.SERVICE_UNAVAILABLE)
        until(lambda: "is asleep" in _asked(kept)[1])
        yield kept


def test_browsers_read_when_it_wakes(asleep: Kept) -> None:
    """As status says it."""
    status, page = _asked(asleep)
    assert status == HTTPStatus.SERVICE_UNAVAILABLE
    alarm = str(_status(asleep)["alarm"])
    when = alarm.removeprefix("Asleep until ").partition(" for ")[0]
    assert f"It wakes by itself at {when}." in page


def test_nothing_of_a_sleep_is_a_change_by_hand(asleep: Kept) -> None:
    """Neither the counts, nor what the watch moved, nor the page."""
    assert _status(asleep, "--drift")["by_hand"] == []


def test_a_push_says_until_when_it_sleeps_and_opening_wakes_it_with_what_was_pushed(
    asleep: Kept, tmp_path: Path
) -> None:
    """Airflow knows both DAGs when it is awake, and nobody reads the page any more."""
    for folder in ("airflow_home", "docker"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(asleep.environment, tmp_path / "env.yaml")
    for name in ("first", "second"):
        (tmp_path / "airflow_home" / "dags" / f"{name}.py").write_text(PUSHED.format(name=name))
    pushed = asleep.run("push", "env.yaml", "--yes", checkout=tmp_path)
    assert pushed.returncode == 0, pushed.stderr
    assert "is asleep. Its alarm says: Asleep until " in pushed.stderr
    assert "Airflow reads dags/first.py, dags/second.py when it wakes; `windsock open env.yaml`" in pushed.stderr
    opened = asleep.run("open", "env.yaml", checkout=tmp_path)
    assert opened.returncode == 0, opened.stderr
    assert "Waking it." in opened.stderr
    assert _status(asleep)["well"]
    assert _asked(asleep)[0] == HTTPStatus.OK
    for name in ("first", "second"):
        ran = asleep.run("run", "env.yaml", name, "--unpause", checkout=tmp_path)
        assert (ran.returncode, f"{name} succeeded" in ran.stderr) == (0, True), ran.stderr


def _status(kept: Kept, *options: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(kept.run("status", str(kept.environment), "--json", *options).stdout)
    return found


def _asked(kept: Kept) -> tuple[int, str]:
    """Return what a browser gets: the status, and the page."""
    try:
        with urllib.request.urlopen(kept.site_url) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()
