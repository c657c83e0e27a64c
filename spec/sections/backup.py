"""The `backup` section: copies of database and file system that AWS Backup takes into a vault of the environment."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from spec.aws_facts.cron import read_cron
from spec.section import Section, refuse
from spec.sections.schedules.due import Due
from spec.sections.schedules.hours import Hours

EVERY_DAY = "cron(0 3 * * ? *)"
_PATTERN = r"cron\([0-9]+( [^ ]+){5}\)"
_DAYS = tuple(
    monday + timedelta(days=day)
    for monday in (datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 7, 6, tzinfo=UTC))
    for day in range(7)
)
"""Two weeks, one of which has summer time wherever there is any."""


def _schedule(value: str) -> str:
    example = f'"{EVERY_DAY}" is every day at 3 in UTC'
    try:
        minutes, *_ = read_cron(value)
    except ValueError as error:
        refuse(f"{value!r} {error}", hint=example)
    if len(minutes) != 1:
        refuse(f"{value!r} is due more than once an hour", hint=f"one minute of the hour: {example}")
    return value


Cron = Annotated[str, AfterValidator(_schedule), Field(json_schema_extra={"pattern": f"^{_PATTERN}$"})]


class Backup(Section):
    """Copies that AWS Backup takes of RDS instance and file system; they outlive the environment."""

    schedule: Cron = EVERY_DAY
    """When a copy is taken, in UTC: six fields of minute, hours, days of the month, months, days of the week and years,
    with `?` in one of those of days; at most once an hour. AWS Backup begins within eight hours, and
    within one hour where the environment has a `schedule`. Default
    "cron(0 3 * * ? *)", every day at three. Source: "Backup plan options and configuration", AWS Backup Developer
    Guide."""

    keep_days: Annotated[int, Field(ge=1, le=36500)] = 35
    """Days for which a copy is kept, 1 to 36500. A copy that is there keeps the days with which it was taken.
    Default 35. Source: DeleteAfterDays, AWS Backup API Reference."""

    lock: bool = False
    """Whether nobody may delete a copy before `keep_days` are over, unless a policy lets them lift the lock (governance
    mode). Default false. Source: "AWS Backup Vault Lock", AWS Backup Developer Guide."""

    def meets(self, schedule: Hours | Due) -> bool:
        """Whether an environment with this schedule is awake on some day at an hour at which a copy is taken."""
        (minute,), hours, *_ = read_cron(self.schedule)
        return any(schedule.is_open(day.replace(hour=hour, minute=minute)) for day in _DAYS for hour in hours)
