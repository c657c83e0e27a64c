"""Reads the entries of a task's log, as the REST API of Airflow 3 gives them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

_MILLISECONDS = re.compile(r"\.\d{3}(000)?(?!\d)")


def log_text(entries: Iterable[object]) -> str:
    """Return what the entries of a log of Airflow 3 say, a line each.

    While a task runs, Airflow shows both what its worker serves and what CloudWatch has, which is the same for the most
    part; CloudWatch keeps no microseconds. An entry that both have is told once.
    """
    lines: list[str] = []
    told: Counter[str] = Counter()
    seen: Counter[tuple[str, bool]] = Counter()
    for entry in entries:
        line = log_line(entry)
        of_cloudwatch = _has_milliseconds(entry)
        seen[line, of_cloudwatch] += 1
        if seen[line, of_cloudwatch] > told[line]:
            told[line] += 1
            lines.append(line)
    return "\n".join(lines)


def _has_milliseconds(entry: object) -> bool:
    """Return whether the time of an entry has no microseconds; it may be a field of the user's own, with any text."""
    return isinstance(entry, dict) and bool(_MILLISECONDS.search(str(entry.get("timestamp"))))


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
