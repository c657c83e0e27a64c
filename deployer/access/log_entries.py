"""Reads the JSON lines of Airflow's processes as entries that a person can read and filter."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

LEVELS = ("debug", "info", "warning", "error", "critical")

_PLAIN = "info"
_MESSAGES = ("message", "event")
_TRACEBACKS = ("exception", "error_detail")
_HEALTH_CHECK = re.compile(r"\b(?:GET|HEAD)\b.{0,80}?/(?:api/v2/monitor/)?health\b|ELB-HealthChecker")
"""Requests of the load balancer, of ECS and of Airflow's own health server."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of a log. `where` is the task of a line that a task wrote, and else the process; `time` is in UTC."""

    time: datetime
    level: str
    where: str
    dag: str = ""
    task: str = ""
    message: str
    traceback: str = ""

    @property
    def is_noise(self) -> bool:
        """Whether it only says that somebody looked whether the process is healthy."""
        return LEVELS.index(self.level) < LEVELS.index("warning") and bool(_HEALTH_CHECK.search(self.message))

    def __str__(self) -> str:
        head = f"{self.time:%Y-%m-%d %H:%M:%S} {self.level.upper():<8} {self.where}  "
        lines = [line for text in (self.message, self.traceback) for line in text.splitlines()]
        return head + "\n    ".join(lines)


@dataclass(frozen=True, kw_only=True)
class EntryFilter:
    """Which entries are shown: those of a DAG, of a task, and from a level on; empty for all."""

    dag: str = ""
    task: str = ""
    level: str = ""

    def passes(self, entry: Entry) -> bool:
        """Whether an entry is shown."""
        if self.level and LEVELS.index(entry.level) < LEVELS.index(self.level):
            return False
        return self.dag in {"", entry.dag} and self.task in {"", entry.task}


def read_entry(process: str, time: float, text: str) -> Entry:
    """Read a line that a process wrote at `time`, in seconds since 1970; one that is no JSON is its own message."""
    moment = datetime.fromtimestamp(time, UTC)
    try:
        fields = json.loads(text)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        return Entry(time=moment, level=_PLAIN, where=process, message=text)
    dag, task = str(fields.get("dag_id") or ""), str(fields.get("task_id") or "")
    return Entry(
        time=moment,
        level=_level(str(fields.get("level", ""))),
        where=f"{dag}/{task}" if dag and task else process,
        dag=dag,
        task=task,
        message=next((str(fields[name]) for name in _MESSAGES if fields.get(name)), text),
        traceback="\n".join(_traceback(fields[name]) for name in _TRACEBACKS if fields.get(name)),
    )


def _level(name: str) -> str:
    lowered = name.lower()
    return lowered if lowered in LEVELS else _PLAIN


def _traceback(detail: Any) -> str:
    """Return a traceback as text: Airflow 2 writes text, Airflow 3 a list of exceptions."""
    if not isinstance(detail, list):
        return str(detail)
    return "\n".join(_exception(each) if isinstance(each, dict) else str(each) for each in detail)


def _exception(each: dict[str, Any]) -> str:
    frames = [frame for frame in each.get("frames") or () if isinstance(frame, dict)]
    places = [f"{frame.get('filename')}:{frame.get('lineno')} in {frame.get('name')}" for frame in frames]
    return "\n".join([*places, f"{each.get('exc_type')}: {each.get('exc_value')}"])
