"""The schedules that put an environment to sleep and wake it: the template has them, and this moves their times.

A schedule that wakes rings every five minutes from its start on, until an Airflow that is awake moves it away. As the
template makes it, it rings every hour: whatever goes wrong, the environment wakes.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from ..release_store import PATIENCE
from .office_hours import OfficeHours
from .starts import Starts, read_starts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .findings import Finding

VARIABLE = "WINDSOCK_ALARM"
"""Holds what `compiler/airflow/alarm.py` writes as JSON: the fields of `Settings`, times in minutes."""

EVERY = timedelta(minutes=5)
RINGS = "cron(0/5 * * * ? *)"
"""How often an alarm rings until Airflow is awake: a start that AWS refuses is tried again."""

JUST_BEFORE = timedelta(seconds=30)
"""A schedule starts this long before its first ring: AWS names a start, not a first call."""

LONGEST, SILENT = timedelta(days=6), timedelta(days=6, hours=12)
"""The longest sleep, and how long an alarm is silent that nobody sets: AWS starts a stopped database after seven days.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html"""

STOPS, STOPS_LAST, STOPS_DATABASE = timedelta(minutes=2), timedelta(minutes=3), timedelta(minutes=12)
"""How long after the decision the services stop, the scheduler, and the database: tasks get two minutes to end."""

LATE = timedelta(minutes=5)
"""How long after the time for which it wakes somebody is told that it does not answer."""

ASLEEP = "Asleep"
"""What an alarm says first that is set."""

_ANSWERED_ONLY = ("Arn", "CreationDate", "LastModificationDate", "ResponseMetadata")
"""What GetSchedule answers but UpdateSchedule does not take."""

_MOST_WORDS = 512
"""The longest description of a schedule. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html"""


PATIENT = Config(**PATIENCE)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How long nothing must happen, how long before a run the database starts, and the names of the schedules.

    `page` is what browsers get while it sleeps; `{when}` in it stands for when it wakes.
    An environment that `learns` wakes as long before as its own starts took, once it knows them. In its `hours`, if it
    has some, it is awake in any case.
    """

    grace: timedelta
    wake_before: timedelta
    learns: bool
    hours: OfficeHours | None = None
    page: str = ""
    database_on: tuple[str, ...]
    database_off: tuple[str, ...]
    services_on: tuple[str, ...]
    services_off: tuple[str, ...]
    site_off: tuple[str, ...] = ()
    scheduler_off: tuple[str, ...]
    late: tuple[str, ...]

    def planned(self, now: datetime) -> tuple[Finding, ...]:
        """Return what the hours of the week demand."""
        return tuple(self.hours.findings(now)) if self.hours else ()

    @property
    def on(self) -> tuple[str, ...]:
        """All that wakes, in the order in which it starts."""
        return (*self.database_on, *self.services_on)

    @property
    def off(self) -> tuple[str, ...]:
        """All that stops, in order."""
        return (*self.services_off, *self.site_off, *self.scheduler_off, *self.database_off)


class AlarmRefusal(Exception):
    """A schedule does not say what it was told."""


def read_settings() -> Settings:
    """Return what the template says."""
    found: dict[str, Any] = json.loads(os.environ[VARIABLE])
    times = {name: timedelta(minutes=found.pop(name)) for name in ("grace", "wake_before")}
    hours, learns, page = found.pop("hours"), found.pop("learns"), found.pop("page")
    names = {group: tuple(names) for group, names in found.items()}
    fields: dict[str, Any] = {**times, **names, "learns": learns, "page": page}
    return Settings(**fields, hours=OfficeHours(**hours) if hours else None)


@dataclass
class Alarm:
    """The schedules of one environment, by a client of EventBridge Scheduler; what they say ends with its `starts`."""

    settings: Settings
    client: Any
    starts: Starts = field(default_factory=Starts)

    @classmethod
    def of_this_environment(cls) -> Alarm:
        """Return the alarm of the environment whose container this is."""
        return cls(read_settings(), boto3.client("scheduler", config=PATIENT))

    @property
    def wake_before(self) -> timedelta:
        """How long before something is due it rings."""
        settings = self.settings
        return self.starts.wake_before(settings.wake_before) if settings.learns else settings.wake_before

    def recall(self, now: datetime) -> datetime | None:
        """Read what the starts before took, and return when it rang for this one; None where somebody else woke it.

        A schedule that a deploy has made anew knows no starts.
        """
        found = self.client.get_schedule(Name=self.settings.on[0])
        said, start = found.get("Description", ""), found.get("StartDate")
        known = read_starts(said)
        self.starts = known if known.minutes else self.starts
        return start + JUST_BEFORE if start and start <= now and said.startswith(ASLEEP) else None

    def wake(self, words: str) -> None:
        """Let nothing stop, and everything ring from now on: what has stopped already starts again."""
        self._stop_nothing(words)
        self._put_all(self.settings.on, words, State="ENABLED", ScheduleExpression=RINGS, StartDate=None)

    def silence(self, now: datetime, words: str) -> None:
        """Let nothing stop, and nothing ring for as long as a sleep may last; `words` say why it is awake."""
        self._stop_nothing(words)
        for name in self.settings.on:
            self._ring(name, now + SILENT, words)
        self._put_all(self.settings.late, words, State="DISABLED")

    def started(self, took: timedelta, words: str) -> None:
        """Note how long a start took, and tell nobody that it is late."""
        self.starts = self.starts.another(took)
        self._put_all(self.settings.late, words, State="DISABLED")

    def _stop_nothing(self, words: str) -> None:
        self._put_all(self.settings.off, words, State="DISABLED")

    def rings(self, due: datetime | None, now: datetime) -> datetime:
        """Return when the alarm is to ring for something that is due, or as late as it may."""
        longest = now + LONGEST
        moment = longest if due is None else min(due - self.wake_before, longest)
        return _full_minutes(moment)

    def sleep(self, now: datetime, until: datetime, words: str) -> None:
        """Arrange the waking, read it back, and only then let everything stop, the scheduler and the database last.

        Raises `AlarmRefusal` if AWS does not answer the waking that was arranged.
        """
        services = _full_minutes(until + self.wake_before / 2)
        starts = dict.fromkeys(self.settings.database_on, until)
        starts.update(dict.fromkeys(self.settings.services_on, services))
        for name, moment in starts.items():
            self._ring(name, moment, words)
        for name, moment in starts.items():
            if not self._is_set(name, moment):
                raise AlarmRefusal(f"{name} does not ring at {moment}")
        for name in self.settings.site_off:
            self._say(name, f"at {until:%Y-%m-%d %H:%M} UTC", words)
        for names, moment in (
            (self.settings.late, until + self.wake_before + LATE),
            ((*self.settings.services_off, *self.settings.site_off), now + STOPS),
            (self.settings.scheduler_off, now + STOPS_LAST),
            (self.settings.database_off, now + STOPS_DATABASE),
        ):
            at = f"at({moment.replace(microsecond=0, tzinfo=None).isoformat()})"
            self._put_all(names, words, State="ENABLED", ScheduleExpression=at)

    def _ring(self, name: str, moment: datetime, words: str) -> None:
        self._put(name, words, State="ENABLED", ScheduleExpression=RINGS, StartDate=moment - JUST_BEFORE)

    def _say(self, name: str, when: str, words: str) -> None:
        """Let the schedule that puts up the page of a sleeping site say on it when the site wakes."""
        target = self.client.get_schedule(Name=name)["Target"]
        request = json.loads(target["Input"])
        request["Actions"][0]["FixedResponseConfig"]["MessageBody"] = self.settings.page.replace("{when}", when)
        self._put(name, words, Target={**target, "Input": json.dumps(request)})

    def _is_set(self, name: str, moment: datetime) -> bool:
        found = self.client.get_schedule(Name=name)
        start = found.get("StartDate")
        at = start.astimezone(timezone.utc) if start else None
        return (found.get("State"), found["ScheduleExpression"], at) == ("ENABLED", RINGS, moment - JUST_BEFORE)

    def _put_all(self, names: Iterable[str], words: str, **changes: Any) -> None:
        for name in names:
            self._put(name, words, **changes)

    def _put(self, name: str, words: str, **changes: Any) -> None:
        starts = self.starts.words
        changes["Description"] = words[: _MOST_WORDS - len(starts)] + starts
        found = self.client.get_schedule(Name=name)
        kept = {key: value for key, value in found.items() if key not in _ANSWERED_ONLY}
        if any(kept.get(key) != value for key, value in changes.items()):
            asked = {**kept, **changes}
            self.client.update_schedule(**{key: value for key, value in asked.items() if value is not None})


def _full_minutes(moment: datetime) -> datetime:
    """Return the ring at this moment, or the last one before it."""
    return moment.replace(minute=moment.minute - moment.minute % (EVERY.seconds // 60), second=0, microsecond=0)
