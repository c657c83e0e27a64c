"""Three days of an environment that sleeps until something is due, on the clock of its own Airflow."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from spec.releases.table import RELEASES
from tests.figure_page import FigurePage
from tests.life.enforcement.deployed import Deployed
from tests.life.kept import ROOT, keeping
from tests.life.turned.days import Days
from tests.life.turned.dues import LENGTH, NIGHTLY, REPORTS, Due, dues
from tests.life.turned.site import TurnedSite

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]

VERSIONS = ("3.3.2",)
ENVIRONMENT = """\
name: days-{name}
aws: {{account: "123456789012", region: eu-central-1}}
airflow:
  version: {version}
  python: "{python}"
  env_vars: {{MONDAY: "{monday}"}}
network: {{allowed_cidrs: [203.0.113.0/24]}}
database: {{version: "15"}}
schedule: {{when: due, grace: 15m}}
"""
MOST_LATE = timedelta(minutes=1)
MOST = 1.3
"""How many times the least possible it may be awake."""

PAGE = FigurePage(
    name="sleep-figures.md",
    head="""\
# Asleep unless something is due, in figures

A rehearsal of `schedule: {{when: due}}` on the clock of Airflow itself. Containers, database and schedules keep one
time, which `tests/life/test_turned_days.py` sets from one due time to the next. So Airflow lives through three days:
a DAG each night, one each hour of the morning, one with a timetable, one on a dataset, one deferred for four hours,
one with a retry after two. Starts, runs, looks and stops take what they take on the machine of the test, and services
three minutes more.

Late is the longest time from when a run was due until its task ran; of a task that goes on after a pause, until it
had ended. The least possible is what services must run: for their start, the runs, the grace of 15 minutes, and
pauses of less than an hour.

| Airflow | due | lost or doubled | at most late | alarms | hours awake | times the least possible | minutes it took |
|---|---|---|---|---|---|---|---|
""",
    keys=VERSIONS,
)


@dataclass(frozen=True, kw_only=True)
class Lived:
    """The days of a release, and what was due in them."""

    version: str
    days: Days
    expected: list[Due]
    minutes: float


@pytest.fixture(scope="module", params=VERSIONS)
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """Live through them."""
    version, began = request.param, time.monotonic()
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today + timedelta(days=7 - today.weekday())
    with keeping(str(_environment(version, monday, tmp_path_factory.mktemp("checkout")))) as kept:
        site = TurnedSite(Deployed(kept))
        days, expected = Days(site=site, monday=monday), list(dues(monday))
        days.play(expected)
        yield Lived(version=version, days=days, expected=expected, minutes=(time.monotonic() - began) / 60)


def test_every_run_begins_within_a_minute_and_none_is_lost_or_doubled(lived: Lived) -> None:
    """By cron, by a timetable, on an asset, after a trigger of four hours and a retry of two."""
    assert [(seen.dag, timedelta() <= seen.late <= MOST_LATE) for seen in lived.days.begun] == [
        (due.dag, True) for due in lived.expected
    ]
    assert _lost_or_doubled(lived) == []


def test_it_is_awake_hardly_longer_than_it_must_be(lived: Lived, request: pytest.FixtureRequest) -> None:
    """It sleeps often; its figures are those of the docs."""
    days = lived.days
    assert len(days.starts) > LENGTH.days
    ratio = days.awake / days.least
    assert ratio <= MOST, (days.awake, days.least)
    if request.config.getoption("--regold"):
        late, hours = max(seen.late for seen in days.begun), days.awake / timedelta(hours=1)
        PAGE.note(
            lived.version,
            len(lived.expected),
            len(_lost_or_doubled(lived)),
            f"{late.total_seconds():.0f} s",
            len(days.starts),
            f"{hours:.1f}",
            f"{ratio:.2f}",
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
    text = ENVIRONMENT.format(name=version.replace(".", "-"), version=version, python=python, monday=monday.isoformat())
    (checkout / "airflow_home").symlink_to(ROOT / "tests" / "life" / "days")
    (checkout / "docker").symlink_to(ROOT / "docker")
    environment = checkout / "env.yaml"
    environment.write_text(text, encoding="utf-8")
    return environment
