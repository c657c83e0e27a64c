"""The life of an environment that sleeps unless something is due: it sets its own alarm, sleeps, and wakes by it."""

import json

import pytest

from tests.life.kept import windsock

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]

DAG = "tutorial_taskflow_api"


@pytest.mark.parametrize("environment", ["tests/life/due.yaml", "tests/life/due-2.11.yaml"])
def test_a_rehearsal_falls_asleep_by_itself_and_wakes_by_its_alarm(environment: str) -> None:
    """Nobody says when: it sets its alarm when nothing is due, and a DAG succeeds after the waking."""
    done = windsock("rehearse", environment, "--port", "0", "--endpoint-port", "0", "--dag", DAG, "--json")
    assert done.returncode == 0, done.stderr
    proof = json.loads(done.stdout)
    saw = {step["name"]: step["saw"] for step in proof["acts"]}
    assert saw["asleep"].startswith("no service runs, the database is stopped: Asleep until ")
    alarm, _, page = saw["asleep"].partition(", browsers read: It wakes by itself at ")
    assert page.removesuffix(".") in alarm
    assert saw["alarm"].endswith(f"{DAG} succeeded")
    assert proof["left"] == []
