"""Sends the log of a task to CloudWatch while it runs, for Airflow 3, which may read it from there alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from airflow.providers.amazon.aws.log.cloudwatch_task_handler import CloudWatchRemoteLogIO
from botocore.exceptions import ClientError

from .task_logs import NO_LINE, SEND_SECONDS, is_missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Processor = Callable[[Any, str, Any], Any]


class PromptRemoteLog:
    """The remote log of the Amazon provider, less patient, and without two faults that providers before 9.36 have."""

    def __init__(self, remote: Any) -> None:
        self._remote = remote

    def __getattr__(self, name: str) -> Any:
        return getattr(self._remote, name)

    @property
    def processors(self) -> tuple[Processor, ...]:
        """What Airflow does with each line of a task."""
        return tuple(map(self._hurry, self._remote.processors))

    def _hurry(self, send: Processor) -> Processor:
        def hurry(logger: Any, name: str, event: Any) -> Any:
            # Here, as newer providers make another handler where Python's logging has closed the first.
            handler = self._remote.handler
            handler.send_interval = SEND_SECONDS
            if not handler.queues:
                handler.shutting_down = False  # older ones drop all lines then
            return send(logger, name, event)

        return hurry

    def read(self, path: Any, task: Any) -> Any:
        """Older providers answer with an error page as long as no line has been sent; Airflow 3.0 and 3.1 call this."""
        try:
            return self._remote.read(path, task)
        except ClientError as error:
            if not is_missing(error):
                raise
            return [NO_LINE], []

    def stream(self, path: Any, task: Any) -> Any:
        """Likewise; later releases call this."""
        sources, logs = self._remote.stream(path, task)
        return sources, [*map(_existing, logs)]


def _existing(lines: Iterator[str]) -> Iterator[str]:
    try:
        yield from lines
    except ClientError as error:
        if not is_missing(error):
            raise
        yield json.dumps({"event": NO_LINE})


def prompt(remote: Any) -> Any:
    """Return the remote log that Airflow has chosen; where it is in CloudWatch, a less patient one."""
    return PromptRemoteLog(remote) if isinstance(remote, CloudWatchRemoteLogIO) else remote
