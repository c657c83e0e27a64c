"""Days of an environment that sleeps until something is due, on the clock of its Airflow.

What takes time here really takes it: starts, runs, looks of the watch, stops. Only waiting is skipped: nights, the
grace, and the minutes that AWS would take to start services.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from compiler.contract import ALARM
from deployer.lifetime.asleep import ASLEEP
from rehearsal.emulator.rules import fake_clock
from tests.life.turned.airflow import begun
from tests.life.turned.dues import HOUR, PUSHED, WEEK, Begun, Due
from tests.life.turned.site import ON_DATABASE, TurnedSite
from tests.life.waiting import until
from tests.runtime.due.least import Stages, least_awake

GRACE = timedelta(minutes=15)
NEARLY = GRACE - timedelta(minutes=1)
"""So a call of the watch that is under way stays valid: AWS refuses a signature that is a quarter of an hour old."""
SHORTEST = HOUR
"""The watch lets nothing stop for less."""
LOOKS, PACE = 2, timedelta(seconds=10)
"""The watch may be in the middle of a look, so the second one has seen all. While it is awaited, this goes by at each
look at it: it pauses for half a minute."""
RUNG = timedelta(seconds=45)
"""An alarm rings half a minute after its start."""
START = timedelta(minutes=3)
"""How much longer a start takes on AWS, at least."""
STOPPED, CLOSED = timedelta(minutes=3, seconds=30), timedelta(minutes=10)
"""The scheduler is the last service to stop, after three minutes, and the database follows nine minutes later."""
EARLY, EARLY_FOR_TRIGGER = timedelta(seconds=2), timedelta(seconds=75)
"""How long before something is due the clock goes on by itself. A trigger looks once a minute, by seconds that pass."""


@dataclass(kw_only=True)
class Days:
    """The days as they go by, at a site that begins with them."""

    site: TurnedSite
    monday: datetime
    push: Callable[[], str]
    """Pushes `PUSHED` while it sleeps, and returns what that says."""
    told: str = ""
    begun: list[Begun] = field(default_factory=list)
    spans: list[tuple[datetime, datetime]] = field(default_factory=list)
    """When something was done."""
    starts: list[timedelta] = field(default_factory=list)
    """How long services took to start, from their ring."""
    runs: dict[str, list[datetime | None]] = field(default_factory=dict)
    """When the runs of each DAG were due that Airflow has in the end."""
    awake: timedelta = timedelta()
    """How long services were to run, as schedules asked for it."""

    def play(self, moments: Sequence[Due]) -> None:
        """Let everything come, and end asleep, with all DAGs paused."""
        self.site.begin(self.monday)
        free = self.monday
        self._await_airflow(self.monday)
        for due in moments:
            if due.at - free > GRACE + SHORTEST:
                self._sleep()
                self.told = self.told or self.push()
                self._wake(due.at - EARLY)
                until(lambda: self.site.airflow.dags.issuperset(PUSHED))
            self.site.turn(due.at - (EARLY_FOR_TRIGGER if due.goes_on else EARLY))
            until(partial(self._has_begun, due))
            free = self.site.now
            self.spans.append((due.at, free))
        self.runs = {
            dag: [run.due for run in self.site.airflow.runs(dag)] for dag in dict.fromkeys(due.dag for due in moments)
        }
        self.site.airflow.pause()
        self._sleep()
        self.awake = self._awake()

    def alarms_of_a_week(self) -> int:
        """Return how often it wakes in a week, from a sleep on, and let it do so."""
        end, before = self.site.now + WEEK, len(self.starts)
        while self.site.ring(ALARM) < end:
            self._wake(end)
            self._sleep()
        return len(self.starts) - before

    def _awake(self) -> timedelta:
        counts, since, total = {"": 1}, self.monday, timedelta()
        for call in map(json.loads, fake_clock.calls(self.site.directory)):
            asked, at = json.loads(call["said"]), datetime.fromisoformat(call["at"])
            if "DesiredCount" in asked and at >= self.monday:
                ran, counts = any(counts.values()), {**counts, "": 0, asked["Service"]: asked["DesiredCount"]}
                runs = any(counts.values())
                total += at - since if ran and not runs else timedelta()
                since = at if runs and not ran else since
        return total

    @property
    def least(self) -> timedelta:
        """How long services had to run at least."""
        return least_awake(self.spans, self.monday, Stages(boot=min(self.starts), grace=GRACE, shortest=SHORTEST))

    def _has_begun(self, due: Due) -> bool:
        """Whether what is due is done, or has come to its pause; note it then."""
        for run in self.site.airflow.runs(due.dag)[-1:]:
            if seen := begun(run, due, self.begun[-1] if self.begun else None):
                self.begun.append(seen)
                return True
        return False

    def _sleep(self) -> None:
        """Let the grace pass, and what is arranged then."""
        latest = self.site.now + SHORTEST
        self._await_looks(latest)
        self.site.turn(self.site.now + NEARLY)
        self._await(lambda: self.site.has_arranged, latest)
        self.site.turn(self.site.now + STOPPED)
        until(lambda: not self.site.has_services)
        self.site.turn(self.site.now + CLOSED)
        until(lambda: self.site.is_at_rest)

    def _wake(self, latest: datetime) -> None:
        """Let the alarm ring, and everything start; time goes by faster until a moment at most."""
        self.site.turn(self.site.ring(ON_DATABASE) + RUNG)
        until(lambda: self.site.database_runs)
        rings = self.site.ring(ALARM)
        self.site.turn(rings + RUNG)
        until(lambda: self.site.wants_services)
        self.site.turn(self.site.now + START)
        self._await_airflow(rings)
        self.starts.append(self.site.now - rings)
        self._await_looks(latest)

    def _await_airflow(self, since: datetime) -> None:
        """Wait until Airflow and the watch beside it are at work."""
        until(lambda: self.site.is_healthy)
        until(lambda: self.site.airflow.works(since) and not self.site.said.startswith(ASLEEP))

    def _await_looks(self, latest: datetime) -> None:
        """Wait until the watch has seen what is so now."""
        for _ in range(LOOKS):
            self._await(partial(self._has_looked, self.site.airflow.looks), latest)

    def _has_looked(self, before: int) -> bool:
        return self.site.airflow.looks > before

    def _await(self, done: Callable[[], bool], latest: datetime) -> None:
        """Wait for something that the watch does, while time goes by faster, until a moment at most."""

        def has_passed() -> bool:
            self.site.turn(min(self.site.now + PACE, latest))
            return done()

        until(has_passed)
