"""A diagnosis names the true cause of faults that are planted in a running rehearsal, one after the other."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from spec.reading.load import load
from tests.life.faults import REHEARSED, Faults
from tests.life.kept import Kept, keep
from tests.life.waiting import until

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]
DAG = "tutorial_taskflow_api"
SECONDS = 180.0


@pytest.fixture(scope="module")
def kept() -> Iterator[Kept]:
    """Keep an environment whose code comes as releases; take it down at the end."""
    kept = keep("tests/life/releases-local.yaml", "--dag", DAG)
    yield kept
    done = kept.run("rehearse", str(kept.environment), "--stop")
    assert done.returncode == 0, done.stderr


def test_nothing_is_wrong_with_a_healthy_rehearsal(kept: Kept) -> None:
    """No cause is made up from what its processes print."""
    done = kept.run("diagnose", str(kept.environment))
    assert (done.returncode, done.stdout) == (0, f"{load(kept.environment).name} is healthy.\n"), done.stdout


@pytest.mark.parametrize("name", REHEARSED)
def test_a_fault_in_a_running_rehearsal_is_the_first_cause(kept: Kept, tmp_path: Path, name: str) -> None:
    """Soon after it is planted; and nothing is wrong any more when it is undone."""
    fault = Faults(kept, tmp_path).of(name)
    fault.plant()
    try:
        _await(kept, name)
    finally:
        fault.undo()
    if not fault.stays:
        _await(kept, "")


def _await(kept: Kept, name: str) -> None:
    """Look until the first cause has this name; a failure shows the last diagnosis."""
    seen: list[str] = []

    def look() -> bool:
        done = kept.run("diagnose", str(kept.environment), "--json")
        seen[:] = [done.stdout + done.stderr]
        causes = json.loads(done.stdout)["causes"]
        return (causes[0]["name"] if causes else "") == name

    try:
        until(look, SECONDS)
    except AssertionError:
        pytest.fail(f"{name!r} is not the first cause: {seen[0]}")
