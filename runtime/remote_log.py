"""Sends the log of a task to CloudWatch while it runs, for Airflow 3, which may read it from there alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.providers.amazon.aws.log.cloudwatch_task_handler import CloudWatchRemoteLogIO

from .task_logs import SEND_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable

    Processor = Callable[[Any, str, Any], Any]


class PromptRemoteLog:
    """The remote log of the Amazon provider, less patient."""

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
            # A newer provider makes another handler where Python's logging has closed the first.
            self._remote.handler.send_interval = SEND_SECONDS
            return send(logger, name, event)

        return hurry


def prompt(remote: Any) -> Any:
    """Return the remote log that Airflow has chosen; where it is in CloudWatch, a less patient one."""
    return PromptRemoteLog(remote) if isinstance(remote, CloudWatchRemoteLogIO) else remote
