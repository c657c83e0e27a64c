"""Writes every log line of the webserver, the scheduler and the tasks to stdout as one JSON object."""
from __future__ import annotations

import copy
import json
import logging
import sys
from datetime import datetime, timezone
from typing import Any

from airflow.config_templates.airflow_local_settings import DEFAULT_LOGGING_CONFIG

TASK_FIELDS = ("dag_id", "task_id", "run_id", "map_index", "try_number")


class JsonFormatter(logging.Formatter):
    """One record, one line: line breaks, also those of a traceback, stay inside the JSON strings."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "timestamp": datetime.fromtimestamp(record.created, tz=timezone.utc).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "location": f"{record.filename}:{record.lineno}",
        }
        line.update({name: getattr(record, name) for name in TASK_FIELDS if hasattr(record, name)})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            line["stack"] = self.formatStack(record.stack_info)
        return json.dumps(line, default=str, ensure_ascii=False)


class TaskConsoleHandler(logging.StreamHandler):
    """Repeats a task's log lines on the container's stdout, where the log driver of the cluster reads them."""

    def __init__(self) -> None:
        # While a task runs, sys.stdout is a writer that feeds the task's own log: writing there would never end.
        super().__init__(sys.__stdout__)
        self._task: dict[str, Any] = {}

    def set_context(self, task_instance: Any, **_: Any) -> None:
        """Airflow calls this before the task starts."""
        self._task = {name: getattr(task_instance, name, None) for name in TASK_FIELDS}

    def emit(self, record: logging.LogRecord) -> None:
        vars(record).update(self._task)
        super().emit(record)


def _with_json(defaults: dict[str, Any]) -> dict[str, Any]:
    config = copy.deepcopy(defaults)
    config["formatters"]["json"] = {"()": JsonFormatter}
    for name in ("console", "processor_to_stdout"):
        config["handlers"][name]["formatter"] = "json"
    # The secrets masker of the default configuration guards this handler as it guards the task's log file.
    config["handlers"]["task_console"] = {
        "()": TaskConsoleHandler,
        "formatter": "json",
        "filters": config["handlers"]["task"]["filters"],
    }
    config["loggers"]["airflow.task"]["handlers"].append("task_console")
    return config


# Python warnings would otherwise be printed as they are, on several lines.
logging.captureWarnings(True)

LOGGING_CONFIG = _with_json(DEFAULT_LOGGING_CONFIG)
