"""Reads the entries of a task's log, as the REST API of Airflow 3 gives them."""

from collections.abc import Mapping
from typing import Any


def log_line(entry: object) -> str:
    """Return what an entry of Airflow 3 says, with the traceback that it holds as data as Python prints it."""
    if not isinstance(entry, dict):
        return str(entry)
    # The exception that ended the task is the first; Python prints it last, after its causes.
    raised = (_traceback(exception) for exception in reversed(entry.get("error_detail") or ()))
    return "\n".join((str(entry.get("event", entry)), *raised))


def _traceback(exception: Mapping[str, Any]) -> str:
    frames = exception.get("frames") or ()
    places = [f'  File "{frame["filename"]}", line {frame["lineno"]}, in {frame["name"]}' for frame in frames]
    said = f"{exception['exc_type']}: {exception['exc_value']}".rstrip(": ")
    return "\n".join((*(["Traceback (most recent call last):"] if places else ()), *places, said))
