"""An EventBridge Scheduler in memory, which can end the process before any of its calls."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from runtime.due.alarm import Settings

SETTINGS = Settings(
    grace=timedelta(minutes=15),
    wake_before=timedelta(minutes=20),
    learns=True,
    database_on=("database-on",),
    database_off=("database-off",),
    page="It wakes by itself {when}.",
    services_on=("scheduler-on", "webserver-on", "site-on"),
    services_off=("webserver-off",),
    site_off=("site-off",),
    scheduler_off=("scheduler-off",),
    late=("late",),
)

UP = {"RuleArn": "rule", "Actions": [{"FixedResponseConfig": {"MessageBody": "It wakes by itself."}}]}
"""The request that puts the page of a sleeping site up."""


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Scheduler:
    """Schedules by name, as the template makes them; `left` is how many calls come before the process ends."""

    schedules: dict[str, dict[str, Any]] = field(default_factory=dict)
    updates: list[str] = field(default_factory=list)
    left: int = 10_000

    def __post_init__(self) -> None:
        """Make the schedules."""
        for name in SETTINGS.on:
            self.schedules[name] = {"Name": name, "State": "ENABLED", "ScheduleExpression": "cron(0 * * * ? *)"}
        for name in (*SETTINGS.off, *SETTINGS.late):
            self.schedules[name] = {"Name": name, "State": "DISABLED", "ScheduleExpression": "rate(1 day)"}
        for name in SETTINGS.site_off:
            self.schedules[name]["Target"] = {"Arn": "modifyRule", "Input": json.dumps(UP)}

    def get_schedule(self, *, Name: str) -> dict[str, Any]:  # noqa: N803  # as boto3 has it
        """Answer as AWS does."""
        self._count()
        return {**self.schedules[Name], "Arn": "a", "ResponseMetadata": {}}

    def update_schedule(self, **request: Any) -> None:
        """Put what was asked for in the place of all there was."""
        self._count()
        assert "Arn" not in request
        self.updates.append(request["Name"])
        self.schedules[request["Name"]] = request

    def _count(self) -> None:
        if not self.left:
            raise Killed
        self.left -= 1

    @property
    def tells(self) -> str:
        """When it tells that it is late; empty where it does not."""
        late = self.schedules["late"]
        return str(late["ScheduleExpression"]) if late["State"] == "ENABLED" else ""

    @property
    def page(self) -> str:
        """What browsers are told, once the page is put up."""
        request = json.loads(self.schedules["site-off"]["Target"]["Input"])
        assert request.keys() == UP.keys()
        return str(request["Actions"][0]["FixedResponseConfig"]["MessageBody"])

    @property
    def stops(self) -> dict[str, str]:
        """What stops, and when."""
        each = {name: self.schedules[name] for name in SETTINGS.off}
        return {name: one["ScheduleExpression"] for name, one in each.items() if one["State"] == "ENABLED"}
