"""The alarm is set and read back before anything stops."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from runtime.due.alarm import LONGEST, RINGS, Alarm, AlarmRefusal, read_settings
from runtime.due.office_hours import OfficeHours
from tests.runtime.due.schedules import SETTINGS, Scheduler

NOW = datetime(2026, 3, 1, 20, 3, 7, tzinfo=UTC)
DUE = datetime(2026, 3, 2, 2, 2, tzinfo=UTC)


def _start(scheduler: Scheduler, name: str) -> datetime:
    found: datetime = scheduler.schedules[name]["StartDate"]
    return found


def test_it_rings_long_enough_before_what_is_due() -> None:
    """At a full five minutes, since it rings every five minutes."""
    assert Alarm(SETTINGS, Scheduler()).rings(DUE, NOW) == DUE.replace(hour=1, minute=40)


@pytest.mark.parametrize("minutes", [5, 6, 9])
def test_a_short_time_is_kept_too(minutes: int) -> None:
    """Never later than asked, for the services half of it."""
    scheduler, before = Scheduler(), timedelta(minutes=minutes)
    alarm = Alarm(replace(SETTINGS, wake_before=before), scheduler)
    alarm.sleep(NOW, alarm.rings(DUE, NOW), "Asleep")
    assert all(DUE - _start(scheduler, name) >= before for name in SETTINGS.database_on)
    assert all(DUE - _start(scheduler, name) >= before / 2 for name in SETTINGS.services_on)


@pytest.mark.parametrize("due", [None, NOW + timedelta(days=30)])
def test_it_rings_before_aws_starts_the_database_by_itself(due: datetime | None) -> None:
    """Seven days after it stopped, however late the next run is."""
    rings = Alarm(SETTINGS, Scheduler()).rings(due, NOW)
    assert timedelta(days=5) < rings - NOW <= LONGEST


def test_the_waking_is_arranged_before_anything_stops() -> None:
    """Database, then services half of the time later; the scheduler stops after the others, the database last."""
    scheduler = Scheduler()
    alarm = Alarm(SETTINGS, scheduler)
    alarm.sleep(NOW, alarm.rings(DUE, NOW), "Asleep")
    stops = ["webserver-off", "site-off", "scheduler-off", "database-off"]
    assert scheduler.updates == [*SETTINGS.on, "site-off", "late", *stops]
    ring = DUE.replace(hour=1, minute=40) - timedelta(seconds=30)
    starts = [_start(scheduler, name) - ring for name in SETTINGS.on]
    assert starts == [timedelta(), *[timedelta(minutes=10)] * 3]
    assert {scheduler.schedules[name]["ScheduleExpression"] for name in SETTINGS.on} == {RINGS}
    assert scheduler.stops == {
        "webserver-off": "at(2026-03-01T20:05:07)",
        "site-off": "at(2026-03-01T20:05:07)",
        "scheduler-off": "at(2026-03-01T20:06:07)",
        "database-off": "at(2026-03-01T20:15:07)",
    }


def test_the_page_says_when_it_wakes() -> None:
    """That of the last sleep, and nothing else of the request changes."""
    scheduler = Scheduler()
    alarm = Alarm(SETTINGS, scheduler)
    for due, said in ((DUE, "2026-03-02 01:40"), (DUE + timedelta(hours=5), "2026-03-02 06:40")):
        alarm.sleep(NOW, alarm.rings(due, NOW), "Asleep")
        assert scheduler.page == f"It wakes by itself at {said} UTC."


def test_nothing_stops_when_the_waking_is_not_what_was_arranged() -> None:
    """AWS answers another start, so it stays awake."""

    class Forgetful(Scheduler):
        def update_schedule(self, **request: Any) -> None:
            super().update_schedule(**{**request, "StartDate": NOW})

    scheduler = Forgetful()
    with pytest.raises(AlarmRefusal, match="database-on"):
        Alarm(SETTINGS, scheduler).sleep(NOW, DUE, "Asleep")
    assert scheduler.stops == {}


def test_an_alarm_that_is_silent_stops_nothing_and_rings_before_seven_days() -> None:
    """What it says is why it is awake."""
    scheduler = Scheduler()
    alarm = Alarm(SETTINGS, scheduler)
    alarm.sleep(NOW, DUE, "Asleep")
    alarm.silence(NOW, "Awake: a run")
    assert scheduler.stops == {}
    assert all(timedelta(days=6) < _start(scheduler, name) - NOW < timedelta(days=7) for name in SETTINGS.on)
    assert scheduler.schedules["scheduler-on"]["Description"] == "Awake: a run"


def test_somebody_is_told_when_it_is_late_and_not_when_it_woke() -> None:
    """Five minutes after the time for which it wakes, until its Airflow says that it works."""
    scheduler = Scheduler()
    alarm = Alarm(SETTINGS, scheduler)
    alarm.sleep(NOW, alarm.rings(DUE, NOW), "Asleep")
    assert scheduler.tells == "at(2026-03-02T02:05:00)"
    alarm.wake("Awake: it has just started")
    assert scheduler.tells
    alarm.started(timedelta(minutes=9), "Awake: it has just started")
    assert not scheduler.tells


def test_an_alarm_that_is_silent_tells_nobody() -> None:
    """Whoever woke it."""
    scheduler = Scheduler()
    alarm = Alarm(SETTINGS, scheduler)
    alarm.sleep(NOW, DUE, "Asleep")
    alarm.silence(NOW, "Awake: a run")
    assert not scheduler.tells


def test_the_settings_are_what_the_template_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Times in minutes, and hours of the week where there are some."""
    empty = ("database_on", "database_off", "services_off", "site_off", "scheduler_off", "late")
    groups = ", ".join(['"services_on": ["s-on"]', *(f'"{name}": []' for name in empty)])
    hours = {"null": None, '{"spans": [[480, 1080]], "timezone": "UTC"}': OfficeHours([[480, 1080]], "UTC")}
    for written, expected in hours.items():
        monkeypatch.setenv(
            "WINDSOCK_ALARM",
            f'{{"grace": 15, "wake_before": 20, "learns": true, "page": "p", "hours": {written}, {groups}}}',
        )
        settings = read_settings()
        assert (settings.grace, settings.on, settings.hours) == (timedelta(minutes=15), ("s-on",), expected)
