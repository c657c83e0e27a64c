"""Turns log records into lines of JSON, and repeats a task's lines where the container's log driver reads them."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import datetime, timezone
from typing import Any

STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What a terminal obeys and JSON lets pass: control characters, and those that change the direction of text."""
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
        return as_line(line)


def as_line(fields: dict[str, Any]) -> str:
    """Return the fields as one line of JSON that steers no terminal; times become ISO 8601, other objects text."""
    return STEERING.sub(_escaped, json.dumps(fields, default=_plain, ensure_ascii=False))


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


class TaskConsole(logging.StreamHandler):  # type: ignore[type-arg]  # generic from Python 3.11 on
    """Writes the lines of a running task, with the task's names, to the container's stdout."""

    def __init__(self) -> None:
        # While a task runs, sys.stdout is a writer that feeds the task's own log: writing there would never end.
        super().__init__(sys.__stdout__)
        self._names: dict[str, Any] = {}

    def set_context(self, task_instance: Any, **_: Any) -> None:
        """Airflow calls this before the task starts."""
        self._names = {name: getattr(task_instance, name, None) for name in TASK_FIELDS}

    def format(self, record: logging.LogRecord) -> str:
        # A copy: the task's log file is written from the same record.
        named = logging.makeLogRecord({**vars(record), **self._names})
        return super().format(named)
