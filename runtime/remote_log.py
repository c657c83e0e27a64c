"""Sends the log of a task to CloudWatch while it runs, for Airflow 3, which may read it from there alone."""

from __future__ import annotations

from typing import Any

from airflow.configuration import conf
from airflow.providers.amazon.aws.log.cloudwatch_task_handler import CloudWatchRemoteLogIO

from .task_logs import SEND_SECONDS


class PromptRemoteLog(CloudWatchRemoteLogIO):
    """The remote log of the Amazon provider, less patient."""

    def _build_handler(self) -> Any:
        """Return the handler of the provider, before the first line is gathered."""
        handler = super()._build_handler()
        handler.send_interval = SEND_SECONDS
        return handler


def prompt_remote_log() -> PromptRemoteLog | None:
    """Return the remote log where logs go to CloudWatch; None leaves the choice to Airflow."""
    remote = conf.getboolean("logging", "remote_logging", fallback=False)
    folder = conf.get("logging", "remote_base_log_folder", fallback="") or ""
    return PromptRemoteLog.from_config() if remote and folder.startswith("cloudwatch://") else None
