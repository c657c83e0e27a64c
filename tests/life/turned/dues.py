"""What is due in the three days of `tests/life/days/`, and what was seen of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LENGTH = timedelta(days=3)
RETRY_DELAY = timedelta(hours=2)
TUESDAY = 1
NIGHTLY, REPORTS = "nightly", "reports"
ON_TUESDAY: Mapping[str, Sequence[float]] = {"weekly": [5.5], "waits": [14], "retries": [20]}
GOES_ON = {"waits": 18, "retries": 22}


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


def dues(monday: datetime) -> Iterator[Due]:
    """Yield what is due from a Monday on, in order."""
    for day in (monday + number * DAY for number in range(LENGTH.days)):
        hours: dict[str, Sequence[float]] = {NIGHTLY: [2], "mornings": [8, 9, 10, 11]}
        hours.update(ON_TUESDAY if day.weekday() == TUESDAY else {})
        for hour, dag in sorted((hour, dag) for dag, every in hours.items() for hour in every):
            yield from _run(day, hour, dag)


def _run(day: datetime, hour: float, dag: str) -> Iterator[Due]:
    yield Due(at=day + hour * HOUR, dag=dag)
    if dag == NIGHTLY:
        yield Due(at=day + hour * HOUR, dag=REPORTS)
    if dag in GOES_ON:
        yield Due(at=day + GOES_ON[dag] * HOUR, dag=dag, goes_on=True)
