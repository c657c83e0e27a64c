"""What is due in the days of `tests/life/days/`, and what was seen of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
RETRY_DELAY = timedelta(hours=2)
TUESDAY, WEDNESDAY = 1, 2
NIGHTLY, REPORTS = "nightly", "reports"
PUSHED = ("pushed", "pushed_too")
"""The DAGs that are pushed while it sleeps for the first time."""
WEEKLY: Mapping[int, Mapping[str, Sequence[float]]] = {
    TUESDAY: {"weekly": [5.5], "waits": [14], "retries": [20]},
    WEDNESDAY: {PUSHED[0]: [15], PUSHED[1]: [15.5]},
}
GOES_ON = {"waits": 18, "retries": 22}
INTERVALS = frozenset({NIGHTLY, "mornings"})
"""The DAGs whose cron means intervals in Airflow 2: the first run comes when the first of them is over."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """A moment at which a DAG begins; or, with `goes_on`, its task after a pause."""

    at: datetime
    dag: str
    goes_on: bool = False


@dataclass(frozen=True, kw_only=True)
class Begun:
    """What began, when it was due, and when its task began to run; of what goes on, when it had ended."""

    dag: str
    due: datetime
    began: datetime
    ended: datetime
    retries: bool = False
    """Whether it failed, and is tried again."""

    @property
    def late(self) -> timedelta:
        """How late it was."""
        return self.began - self.due


def dues(monday: datetime, days: int, *, intervals: bool) -> Iterator[Due]:
    """Yield what is due on so many days from a Monday on, in order; with `intervals` cron means those."""
    began = set() if intervals else set(INTERVALS)
    for day in (monday + number * DAY for number in range(days)):
        hours: dict[str, Sequence[float]] = {NIGHTLY: [2], "mornings": [8, 9, 10, 11]}
        hours.update(WEEKLY.get(day.weekday(), {}))
        for hour, dag in sorted((hour, dag) for dag, every in hours.items() for hour in every):
            if dag in began or dag not in INTERVALS:
                yield from _run(day, hour, dag)
            began.add(dag)


def _run(day: datetime, hour: float, dag: str) -> Iterator[Due]:
    yield Due(at=day + hour * HOUR, dag=dag)
    if dag == NIGHTLY:
        yield Due(at=day + hour * HOUR, dag=REPORTS)
    if dag in GOES_ON:
        yield Due(at=day + GOES_ON[dag] * HOUR, dag=dag, goes_on=True)
