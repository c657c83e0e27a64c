"""Days of an environment that sleeps until something is due, on the clock of its own Airflow."""

import json
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from spec.releases.option_list import option_list
from spec.releases.table import RELEASES
from tests.figure_page import FigurePage
from tests.life.enforcement.deployed import Deployed
from tests.life.kept import ROOT, keeping
from tests.life.turned.days import Days
from tests.life.turned.dues import NIGHTLY, PUSHED, REPORTS, WEEK, Due, dues
from tests.life.turned.site import TurnedSite

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]

VERSIONS = ("2.5.3", "2.11.2", "3.3.2")
DAYS = 14
ENVIRONMENT = """\
name: days-{name}
aws: {{account: "123456789012", region: eu-central-1}}
airflow:
  version: {version}
  python: "{python}"
  env_vars: {{MONDAY: "{monday}"}}
  config: {config}
network: {{allowed_cidrs: [203.0.113.0/24]}}
database: {{version: "15"}}
services: {{triggerer: {{cpu: 256, memory: 1024}}}}
schedule: {{when: due, grace: 15m}}
"""
PARSING = (
    ("core", "dag_file_processor_timeout"),
    ("scheduler", "stale_dag_threshold"),
    ("dag_processor", "dag_file_processor_timeout"),
    ("dag_processor", "stale_dag_threshold"),
)
"""The options of any release that limit how long a file is parsed: when the clock is set, all of that time passes."""
PUSHED_FILE = """\
import os
from datetime import datetime
from airflow.decorators import dag, task
from airflow.timetables.trigger import CronTriggerTimetable
monday = datetime.fromisoformat(os.environ["MONDAY"])
@dag(
    schedule=CronTriggerTimetable("{cron}", timezone="UTC"), start_date=monday, catchup=True,
    is_paused_upon_creation=False,
)
def {name}():
    @task
    def one(): pass
    one()
{name}()
"""
CRONS = ("0 15 * * 3", "30 15 * * 3")
MOST_LATE = timedelta(minutes=1)
MOST = 1.3
"""How many times the least possible it may be awake."""

PAGE = FigurePage(
    name="sleep-figures.md",
    head="""\
# Asleep unless something is due, in figures

A rehearsal of `schedule: {{when: due}}` on the clock of Airflow itself. Containers, database and schedules keep one
time, which `tests/life/test_turned_days.py` sets from one due time to the next. So Airflow lives through days: a DAG
each night, one each hour of the morning, one with a timetable, one on a dataset, one deferred for four hours, one with
a retry after two, and two that `push` brings while it sleeps. Starts, runs, looks and stops take what they take on the
machine of the test, and services three minutes more.

Late is the longest time from when a run was due until its task ran; of a task that goes on after a pause, until it
had ended. The least possible is what services must run: for their start, the runs, the grace of 15 minutes, and
pauses of less than an hour. After these days all DAGs are paused, and a week goes by: the column says its alarms.
The last one says how long the test took.

| Airflow | days | due | lost or doubled | at most late | alarms | hours awake | times the least | idle week | minutes |
|---|---|---|---|---|---|---|---|---|---|
""",
    keys=VERSIONS,
)


@dataclass(frozen=True, kw_only=True)
class Lived:
    """The days of a release, and what was due in them."""

    version: str
    days: Days
    expected: list[Due]
    alarms: int
    alarms_of_a_week: int
    """How often it wakes when all DAGs are paused."""
    minutes: float


@pytest.fixture(scope="module", params=VERSIONS)
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """Live through them."""
    version, began = request.param, time.monotonic()
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today + timedelta(days=7 - today.weekday())
    with keeping(str(_environment(version, monday, tmp_path_factory.mktemp("checkout")))) as kept:
        site = TurnedSite(Deployed(kept))
        days = Days(site=site, monday=monday, push=partial(_push, site))
        expected = list(dues(monday, DAYS, intervals=site.has_intervals))
        days.play(expected)
        yield Lived(
            version=version,
            days=days,
            expected=expected,
            alarms=len(days.starts),
            alarms_of_a_week=days.alarms_of_a_week(),
            minutes=(time.monotonic() - began) / 60,
        )


def test_every_run_begins_within_a_minute_and_none_is_lost_or_doubled(lived: Lived) -> None:
    """By cron, by a timetable, on an asset, after a trigger of four hours and a retry of two."""
    assert [(seen.dag, timedelta() <= seen.late <= MOST_LATE) for seen in lived.days.begun] == [
        (due.dag, True) for due in lived.expected
    ]
    assert _lost_or_doubled(lived) == []


def test_a_push_while_it_sleeps_names_the_dags_that_it_knows_when_it_wakes(lived: Lived) -> None:
    """They run when they are due, like all others."""
    assert "is asleep. Its alarm says: Asleep until " in lived.days.told
    assert f"Airflow reads {', '.join(f'dags/{name}.py' for name in PUSHED)} when it wakes" in lived.days.told
    assert {seen.dag for seen in lived.days.begun}.issuperset(PUSHED)


def test_it_wakes_once_in_a_week_with_nothing_due(lived: Lived) -> None:
    """Before AWS would start its database."""
    assert lived.alarms_of_a_week <= 1


def test_it_is_awake_hardly_longer_than_it_must_be(lived: Lived, request: pytest.FixtureRequest) -> None:
    """It sleeps often; its figures are those of the docs."""
    days = lived.days
    assert lived.alarms > DAYS
    ratio = days.awake / days.least
    assert ratio <= MOST, (days.awake, days.least)
    if request.config.getoption("--regold"):
        late, hours = max(seen.late for seen in days.begun), days.awake / timedelta(hours=1)
        PAGE.note(
            lived.version,
            DAYS,
            len(lived.expected),
            len(_lost_or_doubled(lived)),
            f"{late.total_seconds():.0f} s",
            lived.alarms,
            f"{hours:.1f}",
            f"{ratio:.2f}",
            lived.alarms_of_a_week,
            f"{lived.minutes:.0f}",
        )


def _lost_or_doubled(lived: Lived) -> list[tuple[str, datetime | None]]:
    """Return the runs that Airflow has without anything that was due, or the other way round."""
    by_clock = (due for due in lived.expected if not due.goes_on and due.dag != REPORTS)
    due: Counter[tuple[str, datetime | None]] = Counter((each.dag, each.at) for each in by_clock)
    made = Counter((dag, at) for dag, moments in lived.days.runs.items() if dag != REPORTS for at in moments)
    differing = list(((due - made) + (made - due)).elements())
    nights = [at for dag, at in due if dag == NIGHTLY]
    return differing + [(REPORTS, None)] * abs(len(nights) - len(lived.days.runs[REPORTS]))


def _environment(version: str, monday: datetime, checkout: Path) -> Path:
    """Write the YAML of an environment of a release, with the DAGs of these days beside it."""
    python = RELEASES[version].python
    name, config = version.replace(".", "-"), json.dumps(_patient_config(version))
    text = ENVIRONMENT.format(name=name, version=version, python=python, monday=monday.isoformat(), config=config)
    shutil.copytree(ROOT / "tests" / "life" / "days", checkout / "airflow_home")
    (checkout / "docker").symlink_to(ROOT / "docker")
    environment = checkout / "env.yaml"
    environment.write_text(text, encoding="utf-8")
    return environment


def _patient_config(version: str) -> dict[str, dict[str, int]]:
    """Return the options by which no file is given up, and none of its DAGs forgotten, when time is skipped."""
    config: dict[str, dict[str, int]] = {}
    for section, key in PARSING:
        if option_list(version).knows(section, key):
            config.setdefault(section, {})[key] = round(WEEK.total_seconds())
    return config


def _push(site: TurnedSite) -> str:
    """Push two more DAGs."""
    for name, cron in zip(PUSHED, CRONS, strict=True):
        file = site.deployed.kept.environment.parent / "airflow_home" / "dags" / f"{name}.py"
        file.write_text(PUSHED_FILE.format(name=name, cron=cron), encoding="utf-8")
    return site.push()
