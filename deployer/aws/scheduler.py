"""Schedules of EventBridge, which call AWS when it is time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deployer.aws.errors import AwsRefusal

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_scheduler import EventBridgeSchedulerClient

_ANSWERED_ONLY = frozenset({"Arn", "CreationDate", "LastModificationDate", "ResponseMetadata"})
"""What GetSchedule answers but UpdateSchedule does not take."""


@dataclass(frozen=True)
class Scheduler:
    """EventBridge Scheduler in one region."""

    client: EventBridgeSchedulerClient

    def start(self, name: str) -> datetime | None:
        """Return from when on a schedule calls; None when there is no such schedule, or it has always called."""
        found = self._find(name)
        start: datetime | None = found.get("StartDate") if found else None
        return start

    def description(self, name: str) -> str:
        """Return what a schedule says about itself; empty when there is no such schedule."""
        found = self._find(name) or {}
        return str(found.get("Description", ""))

    def move(self, name: str, start: datetime) -> None:
        """Let a schedule call from another moment on, and leave the rest of it as it is."""
        found = self._find(name) or {}
        kept = {key: value for key, value in found.items() if key not in _ANSWERED_ONLY}
        self.client.update_schedule(**{**kept, "Name": name, "StartDate": start})

    def _find(self, name: str) -> dict[str, Any] | None:
        try:
            return dict(self.client.get_schedule(Name=name))
        except AwsRefusal as error:
            if error.code == "ResourceNotFoundException":
                return None
            raise
