"""Shows the log of a task in CloudWatch while it runs, for Airflow 2, whose web interface reads it there alone."""

from __future__ import annotations

from typing import Any

from airflow.providers.amazon.aws.log.cloudwatch_task_handler import CloudwatchTaskHandler
from botocore.exceptions import ClientError

SEND_SECONDS = 5
"""How long lines are gathered before they are sent; by default a minute, in which a log looks empty."""

NO_LINE = "CloudWatch has no line of this attempt yet."


def is_missing(error: ClientError) -> bool:
    """Whether CloudWatch says that there is no such log."""
    return bool(error.response["Error"]["Code"] == "ResourceNotFoundException")


class PromptTaskHandler(CloudwatchTaskHandler):
    """The handler of the Amazon provider, less patient."""

    def set_context(self, *arguments: Any, **more: Any) -> Any:
        """Airflow calls this before the task starts, and so before the first line is gathered."""
        answer = super().set_context(*arguments, **more)
        self.handler.send_interval = SEND_SECONDS
        return answer

    def _read_remote_logs(self, *arguments: Any, **more: Any) -> Any:
        """Airflow 2.11 answers with an error page as long as no line has been sent; 2.5 and 2.10 do not call this."""
        try:
            return super()._read_remote_logs(*arguments, **more)
        except ClientError as error:
            if not is_missing(error):
                raise
            return [NO_LINE], []
