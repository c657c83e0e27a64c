"""The `backup` section: copies of database and file system that AWS Backup takes into a vault of the environment."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from spec.section import Section, refuse

_PATTERN = r"cron\(\S+ \S+ \S+ \S+ \S+ \S+\)"


def _schedule(value: str) -> str:
    if not re.fullmatch(_PATTERN, value):
        refuse(f"{value!r} is not a schedule of AWS Backup", hint='such as "cron(0 3 * * ? *)", every day at 3 in UTC')
    return value


Cron = Annotated[str, AfterValidator(_schedule), Field(json_schema_extra={"pattern": f"^{_PATTERN}$"})]


class Backup(Section):
    """Copies that AWS Backup takes of RDS instance and file system; they outlive the environment."""

    schedule: Cron = "cron(0 3 * * ? *)"
    """When a copy is taken, in UTC: six fields of minutes, hours, days of the month, months, days of the week and
    years. Default "cron(0 3 * * ? *)", every day at three. Source: "Creating a backup plan", AWS Backup Developer
    Guide."""

    keep_days: Annotated[int, Field(ge=1, le=36500)] = 35
    """Days for which a copy is kept, 1 to 36500. Default 35. Source: DeleteAfterDays, AWS Backup API Reference."""

    lock: bool = False
    """Whether nobody may delete a copy before `keep_days` are over, unless a policy lets them lift the lock (governance
    mode). Default false. Source: "AWS Backup Vault Lock", AWS Backup Developer Guide."""
