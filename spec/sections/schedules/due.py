"""The kind `due` of the `schedule` section: asleep unless something is due."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, model_validator

from spec.aws_facts.regions import partition_of
from spec.section import Matching, Section, Violation, refuse
from spec.sections.aws import Aws
from spec.sections.schedules.hours import Hours, On, Timezone
from spec.sections.ttl import read_duration

GRACE = (timedelta(minutes=1), timedelta(hours=4))
WAKE_BEFORE = (timedelta(minutes=5), timedelta(hours=1))
SHORTEST_SLEEP, LONGEST_SLEEP, STOPS = timedelta(hours=1), timedelta(days=6), timedelta(minutes=2)
"""The bounds of a sleep, and how long after the decision services stop, as `runtime/due/` has them."""

FIRST = "15m"
"""How long before a run it wakes while it does not know its own starts."""

TopicArn = Annotated[
    str,
    Matching(
        pattern=r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}",
        fault="is not the ARN of an SNS topic",
        hint="such as arn:aws:sns:eu-central-1:123456789012:on-call",
    ),
]


def _between(least: timedelta, most: timedelta) -> AfterValidator:
    def check(value: str) -> str:
        duration = read_duration(value)
        if duration is None:
            refuse(f"{value!r} is no duration", hint="write it as 15m or 1h")
        if not least <= duration <= most:
            refuse(f"{value} is out of bounds", hint=f"use {_words(least)} to {_words(most)}")
        return value

    return AfterValidator(check)


def _words(duration: timedelta) -> str:
    return f"{duration // timedelta(minutes=1)}m"


def check_topic(schedule: "Hours | Due | None", aws: Aws) -> Iterator[Violation]:
    """Yield why the schedules of this region would not reach the topic of an alarm."""
    topic = schedule.due.alarm_topic if schedule and schedule.due else None
    here = f"arn:{partition_of(aws.region)}:sns:{aws.region}:"
    if topic and not topic.startswith(here):
        yield Violation(f"{topic!r} is no topic of {aws.region}", f"one that begins with {here}", ("alarm_topic",))


class Due(Section):
    """Asleep unless something is due: the environment wakes by itself for the next run, and sleeps after it."""

    when: Literal["due"]
    """`due`: services and database stop whenever nothing runs, nothing is due soon and nobody works in Airflow. They
    start in time for the next run."""

    grace: Annotated[str, _between(*GRACE)] = "15m"
    """How long nothing must happen, and nothing be due, before the environment sleeps: 1m to 240m. Default 15m."""

    wake_before: Annotated[str, _between(*WAKE_BEFORE)] | None = None
    """How long before a run the database starts; the services follow after half of it: 5m to 60m. Default two minutes
    more than the longest of the last five starts of the environment took, 10m at least, and 15m before the first."""

    alarm_topic: TopicArn | None = None
    """SNS topic that is told when it does not wake in time, such as arn:aws:sns:eu-central-1:123456789012:on-call, in
    the region of the environment. Default none: nobody is told."""

    on: On | None = None
    """With `when: due`: hours in which it is awake in any case. Default none."""

    timezone: Timezone | None = None
    """Goes with `on`."""

    @model_validator(mode="after")
    def _has_whole_hours(self) -> Self:
        if self.on and not self.timezone:
            refuse("timezone is missing", hint="such as timezone: Europe/Berlin", at=("on",))
        if self.timezone and not self.on:
            refuse("a time zone without hours", hint="give it on, or remove it", at=("timezone",))
        return self

    @property
    def minutes(self) -> dict[str, int]:
        """Both times, in minutes, by their keys."""
        times = {"grace": read_duration(self.grace), "wake_before": read_duration(self.wake_before or FIRST)}
        return {name: time // timedelta(minutes=1) for name, time in times.items() if time}

    @property
    def office_hours(self) -> Hours | None:
        """The hours of the week in which it is awake in any case."""
        return Hours(on=self.on, timezone=self.timezone) if self.on and self.timezone else None

    @property
    def hours(self) -> None:
        """The hours of the week by which schedules stop it: none, only Airflow knows when nothing is due."""
        return

    @property
    def due(self) -> "Due":
        """What says so: this section."""
        return self

    def is_open(self, moment: datetime) -> bool:
        """Whether it must be awake at an aware moment: in its hours, it may sleep at any other."""
        return self.office_hours is not None and self.office_hours.is_open(moment)

    def next_change(self, _moment: datetime) -> None:
        """Return when it next wakes or goes to sleep: only Airflow knows."""
        return
