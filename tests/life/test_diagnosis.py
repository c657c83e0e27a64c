"""Faults are planted in a running environment one after the other, and `windsock diagnose` names each first."""

import shutil
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from tests.life.diagnosing import figures
from tests.life.diagnosing.fault import Fault
from tests.life.diagnosing.of_airflow import DAGS
from tests.life.diagnosing.roster import FAULTS, FAULTY, OF_CALLER
from tests.life.diagnosing.site import Site
from tests.life.kept import ROOT, keeping
from tests.life.waiting import until

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]
LIMIT_SECONDS = 240.0
Note = Callable[[str, dict[str, Any], float], None]


@pytest.fixture
def seen(request: pytest.FixtureRequest) -> Note:
    """Return what writes a fault on the page of those that have been seen, with --regold alone."""
    return figures.note if request.config.getoption("--regold") else _leave


def _leave(_planted: str, _first: dict[str, Any], _seconds: float) -> None:
    """Leave the page as it is."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Keep an environment, and push DAGs that meet with what does not work."""
    with keeping(FAULTY, "--dag", "tutorial_taskflow_api") as kept:
        checkout = tmp_path_factory.mktemp("checkout")
        shutil.copytree(ROOT / "tests/life/workers", checkout / "workers", ignore=shutil.ignore_patterns("__pycache__"))
        (checkout / "docker").symlink_to(ROOT / "docker")
        shutil.copy(kept.environment, checkout / "env.yaml")
        site = Site(kept, checkout)
        (site.home / "dags" / "meets_faults.py").write_text(DAGS, encoding="utf-8")
        pushed = site.push()
        assert pushed.returncode == 0, pushed.stdout + pushed.stderr
        until(site.well)
        yield site


def test_a_late_clock_and_a_wrong_key_are_named(site: Site, seen: Note) -> None:
    """They keep the diagnosis from everything else."""
    looks: tuple[Callable[[], dict[str, Any]], ...] = (
        site.late_diagnosis,
        partial(site.diagnosis, AWS_SECRET_ACCESS_KEY="of-somebody-else"),
    )
    for (planted, name), look in zip(OF_CALLER.items(), looks, strict=True):
        began = time.monotonic()
        first = look()["causes"][0]
        assert first["name"] == name
        seen(planted, first, time.monotonic() - began)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.planted)
def test_a_planted_fault_is_named_first(site: Site, fault: Fault, seen: Note) -> None:
    """With the key or the file to change, and the next command; afterwards everything is well again."""
    fault.plant(site)
    began = time.monotonic()
    try:
        first = _named(site, fault, began + LIMIT_SECONDS)
        seconds = time.monotonic() - began
    finally:
        fault.take_back(site)
    assert (first["name"], first["key"] or first["place"]) == (fault.name, fault.place), first
    assert first["next"]
    assert first["seen"]
    if fault is not FAULTS[-1]:
        until(site.well)
    seen(fault.planted, first, seconds)


def _named(site: Site, fault: Fault, deadline: float) -> dict[str, Any]:
    """Look until the cause is named first, or until a deadline; return what is named first then."""
    while True:
        causes = site.diagnosis(closely=fault.closely)["causes"]
        first: dict[str, Any] = causes[0] if causes else {"name": "nothing", "key": "", "place": ""}
        if first["name"] == fault.name or time.monotonic() > deadline:
            return first
