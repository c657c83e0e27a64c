"""Shows a diagnosis: sentences for people, JSON for machines, each with the line of the YAML to change."""

import re
from collections.abc import Iterator
from typing import Any

from deployer.diagnosis.cause import Cause, Diagnosis
from spec.reading.positioned_yaml import Document, dotted

_ENV = re.compile(r"\bENV\b")
_FIRST = "The most probable cause"
_OTHERS = "Also"


def diagnosis_text(diagnosis: Diagnosis, document: Document, arguments: str) -> str:
    """Return the diagnosis in sentences; `arguments` select the environment on a command line."""
    lines = [f"{diagnosis.name} is {diagnosis.state}."]
    for number, cause in enumerate(diagnosis.causes):
        if number < 2:  # noqa: PLR2004  # the first cause, and the first of the others
            lines += ["", f"{_OTHERS if number else _FIRST}:"]
        lines += ["", *_cause(cause, document, arguments)]
    if diagnosis.unread:
        lines += ["", "This could not be read:", *(f"  {sentence}" for sentence in diagnosis.unread)]
    return "\n".join(lines)


def diagnosis_data(diagnosis: Diagnosis, document: Document, arguments: str) -> dict[str, Any]:
    """Return the diagnosis as plain values."""
    return {
        "environment": diagnosis.name,
        "state": diagnosis.state,
        "well": diagnosis.well,
        "causes": [
            {
                "name": cause.name,
                "what": cause.what,
                "key": dotted(cause.key),
                "place": place_of(cause, document),
                "next": next_of(cause, arguments),
                "seen": list(cause.shown_by),
            }
            for cause in diagnosis.causes
        ],
        "unread": list(diagnosis.unread),
    }


def place_of(cause: Cause, document: Document) -> str:
    """Return the file and line to change; for a key that the YAML leaves out, the line of the section around it."""
    if cause.file:
        return cause.file
    if not cause.key:
        return ""
    found, place = document.nearest(cause.key)
    if place is None:
        return f"{document.file}: {dotted(cause.key)}, which it does not set"
    if found == cause.key:
        return f"{document.file}:{place.line}: {dotted(cause.key)}"
    return f"{document.file}:{place.line}: {dotted(cause.key)}, which it does not set"


def next_of(cause: Cause, arguments: str) -> str:
    """Return the next step for this environment."""
    return _ENV.sub(lambda _: arguments, cause.next_step)


def _cause(cause: Cause, document: Document, arguments: str) -> Iterator[str]:
    yield f"  {cause.what}"
    if place := place_of(cause, document):
        yield f"    change  {place}"
    yield f"    next    {next_of(cause, arguments)}"
    yield from (f"    seen    {sentence}" for sentence in cause.shown_by)
