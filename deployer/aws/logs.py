"""Log groups and their lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deployer.aws.errors import AwsRefusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_logs import CloudWatchLogsClient

_ABSENT = "ResourceNotFoundException"


@dataclass(frozen=True, kw_only=True)
class LogLine:
    """One line; `time` in seconds since 1970."""

    id: str
    time: float
    stream: str
    text: str


@dataclass(frozen=True)
class Logs:
    """CloudWatch Logs in one region."""

    client: CloudWatchLogsClient

    def tail(self, group: str, stream: str, lines: int) -> tuple[str, ...]:
        """Return the last lines of one stream; none when there is no such stream."""
        try:
            events = self.client.get_log_events(
                logGroupName=group, logStreamName=stream, limit=lines, startFromHead=False
            )["events"]
        except AwsRefusal as error:
            if error.code == _ABSENT:
                return ()
            raise
        return tuple(event.get("message", "").rstrip("\n") for event in events[-lines:])

    def lines(self, group: str, since: float) -> Iterator[LogLine]:
        """Yield the lines of all streams of a group since a time, oldest first; none when there is no such group."""
        pages = self.client.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=int(since * 1000))
        try:
            for page in pages:
                for event in page["events"]:
                    yield LogLine(
                        id=event.get("eventId", ""),
                        time=event.get("timestamp", 0) / 1000,
                        stream=event.get("logStreamName", ""),
                        text=event.get("message", "").rstrip("\n"),
                    )
        except AwsRefusal as error:
            if error.code != _ABSENT:
                raise

    def groups(self, prefix: str) -> tuple[str, ...]:
        """Return the names of the log groups that start with `prefix`."""
        pages = self.client.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix)
        return tuple(group.get("logGroupName", "") for page in pages for group in page["logGroups"])

    def limit(self, prefix: str, days: int) -> None:
        """Let the log groups that start with `prefix` forget lines after some days; those that do so stay untouched."""
        pages = self.client.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix)
        for group in [group for page in pages for group in page["logGroups"]]:
            if group.get("retentionInDays") != days:
                self.client.put_retention_policy(logGroupName=group.get("logGroupName", ""), retentionInDays=days)

    def delete_group(self, group: str) -> bool:
        """Delete a log group; return whether there was one."""
        try:
            self.client.delete_log_group(logGroupName=group)
        except AwsRefusal as error:
            if error.code == _ABSENT:
                return False
            raise
        return True
