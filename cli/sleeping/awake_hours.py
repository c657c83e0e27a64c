"""Foretells from the schedules of DAGs how many hours of a month an environment is awake."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cli.sleeping.cron import Cron
from cli.sleeping.dag_schedules import DagSchedule, dag_schedules
from pricing.table import HOURS_PER_MONTH
from spec.environment import Environment
from spec.sections.schedules.due import LONGEST_SLEEP, SHORTEST_SLEEP, STOPS, Due
from spec.sections.schedules.hours import WEEK

RUN = timedelta(minutes=10)
"""How long a run is taken to last: nobody knows that beforehand."""

WORTH = 0.9
"""Share of the month from which on sleeping is not worth that a run waits for a start."""

FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
"""A whole year, so that what is due once a month counts as often as it is."""

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class AwakeHours:
    """How many hours of a month it is awake, how many runs of each DAG a month keep it so, and what is not known."""

    hours: float
    runs: Mapping[str, float]
    unread: tuple[str, ...]

    @property
    def pays(self) -> bool:
        """Whether it sleeps for an hour of ten at least."""
        return self.hours < WORTH * HOURS_PER_MONTH

    @property
    def words(self) -> str:
        """What keeps it awake, most runs first."""
        most = sorted(self.runs.items(), key=lambda pair: -pair[1])
        return ", ".join(f"{dag} ({runs:.0f} runs)" for dag, runs in most)


def awake_hours(env: Environment, due: Due, home: Path) -> AwakeHours:
    """Return what the DAG files below a home say; nobody who works in Airflow is among it."""
    dags = dag_schedules(home / "dags", daily=env.airflow.version.startswith("2."))
    unread = tuple(f"{dag.dag}: {dag.unread}" for dag in dags if dag.unread)
    always = {dag.dag: HOURS_PER_MONTH for dag in dags if dag.always}
    if always:
        return AwakeHours(HOURS_PER_MONTH, always, unread)
    moments = {dag.dag: [*_moments(dag)] for dag in dags}
    share = (LAST - FIRST) / _HOUR / HOURS_PER_MONTH
    runs = {dag: len(found) / share for dag, found in moments.items() if found}
    spans = [(moment, moment + RUN) for found in moments.values() for moment in found]
    return AwakeHours(_hours([*spans, *_office(due)], due) / share, runs, unread)


def _moments(dag: DagSchedule) -> Iterator[datetime]:
    if isinstance(dag.rhythm, Cron):
        yield from dag.rhythm.moments(FIRST, LAST)
    elif dag.rhythm:
        yield from (FIRST + dag.rhythm * count for count in range(int((LAST - FIRST) / dag.rhythm)))


def _office(due: Due) -> Iterator[Span]:
    for start, end in due.office_hours.spans if due.office_hours else ():
        monday = FIRST - timedelta(days=FIRST.weekday())
        while monday < LAST:
            yield monday + start * _MINUTE, monday + end * _MINUTE
            monday += WEEK * _MINUTE


def _hours(spans: Iterable[Span], due: Due) -> float:
    """Return for how many hours it is awake: from the waking to the stop, through pauses that are too short."""
    grace, before = (due.minutes[name] * _MINUTE for name in ("grace", "wake_before"))
    awake, asleep_at = timedelta(), FIRST
    for start, end in sorted(spans):
        awake += _weekly(start - asleep_at, before + grace + STOPS)
        stop = min(end + grace + STOPS, LAST)
        pause = start - before - asleep_at
        begin = start - before if pause >= SHORTEST_SLEEP - STOPS else asleep_at
        awake += max(stop - begin, timedelta())
        asleep_at = max(asleep_at, stop)
    return (awake + _weekly(LAST - asleep_at, before + grace + STOPS)) / _HOUR


def _weekly(pause: timedelta, takes: timedelta) -> timedelta:
    """Return how long it is awake in a pause because no sleep lasts for a week."""
    return max(0, pause // LONGEST_SLEEP) * takes
