"""Says in one line what became of a change."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from acceptance.airflow.parsing import Parsed
from acceptance.dag_files import explain_import_error, missing_lines
from acceptance.development.mirror import DAGS
from rehearsal.host.errors import RehearsalFailure
from spec.errors import Refusal


@dataclass(frozen=True)
class Event:
    """What became of a change: where it was made, and what happened; `wrong` when that did not go well."""

    where: str
    what: str
    wrong: bool = False


def event_of(parsed: Parsed, requirements: str, *, removed: bool = False) -> Event:
    """Say what Airflow made of a DAG file; `requirements` is the file of packages as its author knows it."""
    name, seconds = f"{DAGS}/{parsed.file}", f"{parsed.seconds:.1f} s"
    if not parsed.answered:
        return Event(name, f"Airflow said nothing of it within {seconds}", wrong=True)
    if parsed.error:
        place, reason = explain_import_error(parsed.file, parsed.error)
        when = f"now {reason}" if parsed.later else f"{reason} (after {seconds})"
        lines = ", ".join(missing_lines([parsed.error]))
        return Event(place, f"{when}; add to {requirements}: {lines}" if lines else when, wrong=True)
    if removed:
        return Event(name, f"gone after {seconds}")
    if not parsed.dags:
        return Event(name, "defines no DAG")
    return Event(name, f"{'now' if parsed.later else f'parsed in {seconds}:'} {', '.join(parsed.dags)}")


def told(where: str, bring: Callable[[], str]) -> Event:
    """Bring a change, and say how long that took, or why it failed; the next change may mend it."""
    began = time.monotonic()
    try:
        done = bring()
    except Refusal as refusal:
        return Event(where, _sentences(refusal.what, refusal.why, refusal.next_step), wrong=True)
    except RehearsalFailure as failure:
        return Event(where, _sentences(failure.what, failure.why, failure.next_step), wrong=True)
    return Event(where, f"{done} in {time.monotonic() - began:.1f} s")


def _sentences(*parts: str) -> str:
    return "\n".join(part for part in parts if part)
