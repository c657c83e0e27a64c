"""Faults are planted in a running environment one after the other, and `windsock diagnose` names each first."""

import json
import shutil
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.life.diagnosing.fault import Fault
from tests.life.diagnosing.of_airflow import DAGS
from tests.life.diagnosing.roster import FAULTS, FAULTY, OF_CALLER
from tests.life.diagnosing.site import Site
from tests.life.kept import ROOT, keep
from tests.life.waiting import until

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]
LIMIT_SECONDS = 240.0
RECORD = ROOT / "artifacts" / "diagnosis.jsonl"
"""Gets a line for each fault: after how many seconds its cause was named first, and what was named before."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Keep an environment, and push DAGs that meet with what does not work."""
    kept = keep(FAULTY, "--dag", "tutorial_taskflow_api")
    checkout = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "tests/life/workers", checkout / "workers", ignore=shutil.ignore_patterns("__pycache__"))
    (checkout / "docker").symlink_to(ROOT / "docker")
    shutil.copy(kept.environment, checkout / "env.yaml")
    site = Site(kept, checkout)
    (site.home / "dags" / "meets_faults.py").write_text(DAGS, encoding="utf-8")
    try:
        pushed = site.push()
        assert pushed.returncode == 0, pushed.stdout + pushed.stderr
        until(site.well)
        yield site
    finally:
        kept.run("rehearse", str(kept.environment), "--stop")


def test_a_late_clock_and_a_wrong_key_are_named(site: Site) -> None:
    """They keep the diagnosis from everything else."""
    seen = (site.late_diagnosis(), site.diagnosis(AWS_SECRET_ACCESS_KEY="of-somebody-else"))
    assert tuple(one["causes"][0]["name"] for one in seen) == OF_CALLER


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.planted)
def test_a_planted_fault_is_named_first(site: Site, fault: Fault) -> None:
    """With the key or the file to change, and the next command; afterwards everything is well again."""
    fault.plant(site)
    try:
        first = _named(site, fault)
    finally:
        fault.take_back(site)
    assert (first["name"], _place(first)) == (fault.name, fault.place)
    assert first["next"]
    assert first["seen"]
    if fault is not FAULTS[-1]:
        until(site.well)


def _named(site: Site, fault: Fault) -> dict[str, Any]:
    """Look until the cause is named first; tell after how long, and what was named before."""
    began = time.monotonic()
    before: list[str] = []
    first: dict[str, Any] = {}
    while first.get("name") != fault.name and time.monotonic() - began < LIMIT_SECONDS:
        causes = site.diagnosis(closely=fault.closely)["causes"]
        first = causes[0] if causes else {"name": "nothing"}
        if first["name"] not in (fault.name, *before):
            before.append(first["name"])
    seconds = time.monotonic() - began
    told = {"planted": fault.planted, "seconds": round(seconds, 1), "before": before, **first}
    RECORD.parent.mkdir(exist_ok=True)
    with RECORD.open("a", encoding="utf-8") as record:
        record.write(f"{json.dumps(told)}\n")
    return first


def _place(first: dict[str, Any]) -> str:
    """Return the key or the file that a cause names."""
    return str(first.get("key") or first.get("place", ""))
