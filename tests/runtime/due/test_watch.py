"""The watch lets an environment sleep only when nothing was due for a while, and never without an alarm."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from runtime.due.alarm import LONGEST, RINGS, STOPS, Alarm, Settings
from runtime.due.findings import Finding, Outlook, outlook
from runtime.due.office_hours import OfficeHours
from runtime.due.starts import Starts
from runtime.due.watch import SAY_AGAIN, SHORTEST, Watch
from tests.runtime.due.schedules import SETTINGS, Killed, Scheduler

EVENING = datetime(2026, 3, 1, 20, tzinfo=UTC)
NIGHT = datetime(2026, 3, 2, 2, tzinfo=UTC)
NIGHTLY = Finding("the next run of nightly", NIGHT)
NOTHING = Outlook((), NIGHTLY)
BUSY = Outlook(("a task runs",), NIGHTLY)


@dataclass
class Airflow:
    """What a look into Airflow finds; without it the look fails."""

    seen: Outlook | None = NOTHING
    graces: set[timedelta] = field(default_factory=set)

    def look(self, now: datetime, grace: timedelta, planned: Iterable[Finding]) -> Outlook:
        """Answer."""
        self.graces.add(grace)
        if self.seen is None:
            raise ConnectionError
        ahead = outlook((*planned, *([self.seen.next] if self.seen.next else [])), now, grace)
        return replace(ahead, awake=(*self.seen.awake, *ahead.awake), worked_at=self.seen.worked_at)


@dataclass(kw_only=True)
class World:
    """An Airflow, its schedules, and the watch at a time."""

    airflow: Airflow = field(default_factory=Airflow)
    scheduler: Scheduler = field(default_factory=Scheduler)
    now: datetime = EVENING
    change: str = ""
    settings: Settings = SETTINGS
    heartbeat: datetime | None = None

    def __post_init__(self) -> None:
        """Start the watch."""
        self.restart()

    def restart(self) -> None:
        """Start another watch, which knows nothing of the one before."""
        self.watch = Watch(
            Alarm(self.settings, self.scheduler), self.airflow.look, lambda: self.heartbeat, lambda: self.change
        )

    def minutes(self, number: int) -> None:
        """Let it look every minute."""
        for _ in range(number):
            self.watch.look(self.now)
            self.now += timedelta(minutes=1)


def test_it_sleeps_when_nothing_was_due_for_the_grace() -> None:
    """Not before; the alarm says until when and for what."""
    world = World()
    world.minutes(15)
    assert world.scheduler.stops == {}
    world.minutes(1)
    assert [*world.scheduler.stops] == ["webserver-off", "site-off", "scheduler-off", "database-off"]
    said = world.scheduler.schedules["scheduler-on"]["Description"]
    assert said == "Asleep until 2026-03-02 01:40 UTC for the next run of nightly"
    assert world.airflow.graces == {SETTINGS.grace}


def test_what_goes_on_begins_the_grace_anew() -> None:
    """Quiet minutes before it do not count."""
    world = World()
    world.minutes(14)
    world.airflow.seen = BUSY
    world.minutes(1)
    world.airflow.seen = NOTHING
    world.minutes(15)
    assert world.scheduler.stops == {}


def test_who_works_in_it_keeps_it_awake_for_the_grace_and_not_for_two() -> None:
    """From their last click on; what goes on meanwhile counts as always."""
    world = World(airflow=Airflow(replace(NOTHING, worked_at=EVENING)))
    world.minutes(1)
    assert _said(world) == "Awake: it has just started"
    world.minutes(SAY_AGAIN // timedelta(minutes=1))
    assert _said(world) == "Awake: somebody works in Airflow"
    world.airflow.seen = replace(NOTHING, worked_at=world.now)
    world.minutes(15)
    assert world.scheduler.stops == {}
    world.minutes(1)
    assert world.scheduler.stops
    world.airflow.seen = replace(NOTHING, worked_at=world.now)
    world.minutes(1)
    assert world.scheduler.stops == {}


@pytest.mark.parametrize("seen", [BUSY, None])
def test_what_comes_before_the_services_stop_takes_the_sleep_back(seen: Outlook | None) -> None:
    """So does a look that fails, once the next one shows how Airflow is."""
    world = World()
    world.minutes(16)
    world.airflow.seen = seen
    world.minutes(1)
    assert world.now - EVENING < timedelta(minutes=16) + STOPS
    world.airflow.seen = BUSY
    world.minutes(1)
    assert world.scheduler.stops == {}
    assert all("StartDate" not in world.scheduler.schedules[name] for name in SETTINGS.on)


def test_a_sleep_of_an_hour_is_not_taken_back_while_services_stop() -> None:
    """The hour counts when it is arranged; a minute later it is shorter."""
    world = World(now=NIGHT - SETTINGS.wake_before - SHORTEST - SETTINGS.grace)
    world.minutes(16)
    arranged = world.scheduler.stops
    assert arranged
    world.minutes(2)
    assert world.scheduler.stops == arranged


def test_what_is_due_before_the_alarm_takes_the_sleep_back() -> None:
    """Though it would be worth a sleep of its own: the alarm that is set would be too late for it."""
    world = World()
    world.minutes(16)
    assert world.scheduler.stops
    world.airflow.seen = Outlook((), Finding("the next run of another", NIGHT - timedelta(hours=2)))
    world.minutes(1)
    assert world.scheduler.stops == {}


def test_it_does_not_sleep_while_CloudFormation_changes_it() -> None:  # noqa: N802  # a name
    """The grace begins when that is over."""
    world = World(change="UPDATE_IN_PROGRESS")
    world.minutes(20)
    assert world.scheduler.updates == []
    world.change = ""
    world.minutes(15)
    assert world.scheduler.stops == {}
    world.minutes(1)
    assert world.scheduler.stops


def test_schedules_that_a_deploy_made_anew_are_moved_away_again() -> None:
    """They would ring every hour."""
    world = World(airflow=Airflow(BUSY))
    world.minutes(1)
    world.change = "UPDATE_IN_PROGRESS"
    world.minutes(1)
    world.scheduler.__post_init__()
    world.change = ""
    world.minutes(8)
    assert all("StartDate" in world.scheduler.schedules[name] for name in SETTINGS.on)


def test_a_deploy_that_begins_before_the_services_stop_takes_the_sleep_back() -> None:
    """It finds them running."""
    world = World()
    world.minutes(16)
    world.change = "UPDATE_IN_PROGRESS"
    world.minutes(1)
    assert world.scheduler.stops == {}


def test_a_short_sleep_is_none() -> None:
    """The database would hardly have stopped."""
    world = World(now=EVENING.replace(hour=4))
    world.airflow.seen = Outlook((), Finding("the next run of hourly", EVENING.replace(hour=5, minute=15)))
    world.minutes(20)
    assert world.scheduler.stops == {}
    assert world.scheduler.schedules["scheduler-on"]["Description"] == "Awake: the next run of hourly is too near"


def test_with_nothing_in_sight_it_wakes_once_a_week() -> None:
    """AWS would start the database by itself, and nobody would stop it."""
    world = World(airflow=Airflow(Outlook((), None)))
    world.minutes(16)
    start = world.scheduler.schedules["database-on"]["StartDate"]
    assert timedelta(days=5) < start - world.now <= LONGEST


def test_a_week_with_nothing_due_has_one_waking_at_most() -> None:
    """It goes back to sleep at once, and the waking after that is in the week after."""
    world = World(airflow=Airflow(Outlook((), None)))
    rings = []
    for _ in range(3):
        world.minutes(20)
        assert world.scheduler.stops
        rings.append(world.scheduler.schedules["scheduler-on"]["StartDate"])
        world.now = rings[-1] + timedelta(minutes=10)
        world.restart()
    assert rings[0] - EVENING < timedelta(weeks=1) < rings[1] - EVENING
    assert timedelta(weeks=1) < rings[2] - rings[0]


def test_a_look_that_fails_lets_nothing_sleep() -> None:
    """However long it fails, the alarm rings: the database may have stopped."""
    world = World(airflow=Airflow(None))
    world.minutes(60)
    assert world.scheduler.stops == {}
    assert all("StartDate" not in world.scheduler.schedules[name] for name in SETTINGS.on)


def test_a_watch_that_starts_rings_once_for_what_has_stopped_and_then_is_silent() -> None:
    """The one before may have died when some services had stopped already."""
    world = World(airflow=Airflow(BUSY))
    world.minutes(7)
    assert all("StartDate" not in world.scheduler.schedules[name] for name in SETTINGS.on)
    assert {world.scheduler.schedules[name]["ScheduleExpression"] for name in SETTINGS.on} == {RINGS}
    world.minutes(1)
    assert all(world.scheduler.schedules[name]["StartDate"] > world.now + timedelta(days=6) for name in SETTINGS.on)


def test_it_says_what_keeps_it_awake_from_time_to_time() -> None:
    """Each new word is a call for each schedule: five minutes are often enough."""
    world = World(airflow=Airflow(BUSY))
    world.minutes(2)
    world.airflow.seen = Outlook(("another task runs",), None)
    world.minutes(1)
    assert world.scheduler.schedules["scheduler-on"]["Description"] == "Awake: it has just started"
    world.minutes(SAY_AGAIN // timedelta(minutes=1))
    assert world.scheduler.schedules["scheduler-on"]["Description"] == "Awake: another task runs"


OFFICE = replace(SETTINGS, hours=OfficeHours([(day * 1440 + 480, day * 1440 + 1080) for day in range(5)], "UTC"))
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def test_in_office_hours_it_stays_awake_whatever_is_due() -> None:
    """And sleeps when the grace after them is over."""
    world = World(now=MONDAY.replace(hour=17, minute=30), settings=OFFICE)
    world.airflow.seen = Outlook((), None)
    world.minutes(45)
    assert world.scheduler.stops == {}
    world.minutes(1)
    assert world.scheduler.stops
    assert world.scheduler.schedules["scheduler-on"]["Description"].endswith("for office hours")


@pytest.mark.parametrize(("due", "rings"), [(2, "01:40"), (9, "07:40")])
def test_it_wakes_for_what_comes_first_a_run_or_the_office_hours(due: int, rings: str) -> None:
    """Both in time."""
    world = World(settings=OFFICE)
    world.airflow.seen = Outlook((), replace(NIGHTLY, at=MONDAY.replace(hour=due)))
    world.minutes(16)
    assert f"Asleep until 2026-03-02 {rings} UTC" in world.scheduler.schedules["scheduler-on"]["Description"]


RING = datetime(2026, 3, 2, 1, 40, tzinfo=UTC)


def _said(world: World) -> str:
    said: str = world.scheduler.schedules["scheduler-on"]["Description"]
    return said


def test_it_learns_from_its_start_how_long_before_a_run_to_wake() -> None:
    """From the ring to the first heartbeat of the scheduler; that of the evening does not count."""
    world = World(heartbeat=EVENING)
    world.minutes(16)
    assert "Asleep until 2026-03-02 01:40" in _said(world)
    world.now = RING + timedelta(minutes=9)
    world.restart()
    world.minutes(2)
    assert world.scheduler.tells
    world.heartbeat = RING + timedelta(minutes=10, seconds=20)
    world.airflow.seen = Outlook((), replace(NIGHTLY, at=RING.replace(day=3, hour=2, minute=0)))
    world.minutes(1)
    assert not world.scheduler.tells
    world.minutes(19)
    assert _said(world) == "Asleep until 2026-03-03 01:45 UTC for the next run of nightly; starts took 11 minutes"
    world.restart()
    world.minutes(20)
    assert _said(world).endswith("01:45 UTC for the next run of nightly; starts took 11 minutes")


def test_who_is_woken_by_others_learns_nothing() -> None:
    """A deploy does not wait for the alarm."""
    world = World(heartbeat=EVENING)
    world.minutes(16)
    world.now = RING - timedelta(hours=2)
    world.restart()
    world.heartbeat = world.now + timedelta(minutes=1)
    world.minutes(5)
    assert "starts" not in _said(world)


def test_a_time_of_the_yaml_is_kept() -> None:
    """Whatever the starts took."""
    world = World(settings=replace(SETTINGS, learns=False))
    world.watch._alarm.starts = Starts((5,))  # as after a start
    world.minutes(16)
    assert _said(world) == "Asleep until 2026-03-02 01:40 UTC for the next run of nightly; starts took 5 minutes"


def test_what_was_learnt_outlives_a_deploy_that_makes_the_schedules_anew() -> None:
    """Where the watch lives on."""
    world = World(airflow=Airflow(BUSY))
    world.scheduler.schedules["database-on"]["Description"] = "Awake: a run; starts took 5, 7 minutes"
    world.minutes(1)
    world.change = "UPDATE_IN_PROGRESS"
    world.minutes(1)
    world.scheduler.__post_init__()
    world.change = ""
    world.minutes(1)
    assert _said(world) == "Awake: it has just started; starts took 5, 7 minutes"


def _calls_until_asleep() -> int:
    world = World()
    world.minutes(16)
    return 10_000 - world.scheduler.left


@pytest.mark.parametrize("calls", range(_calls_until_asleep()))
def test_killed_before_any_call_it_is_never_asleep_without_an_alarm(calls: int) -> None:
    """What has an hour to stop finds every alarm set for the run; the next watch takes back what was begun."""
    world = World()
    world.scheduler.left = calls
    with pytest.raises(Killed):
        world.minutes(16)
    if world.scheduler.stops:
        starts = [world.scheduler.schedules[name]["StartDate"] for name in SETTINGS.on]
        assert all(EVENING < start < (NIGHTLY.at or EVENING) for start in starts)
    world.scheduler.left = 10_000
    world.restart()
    world.minutes(1)
    assert world.scheduler.stops == {}
    world.minutes(16)
    assert [*world.scheduler.stops] == ["webserver-off", "site-off", "scheduler-off", "database-off"]
