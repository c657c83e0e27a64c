"""What is to happen in an Airflow, and what follows from it: what keeps it awake, and when it is next needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta


@dataclass(frozen=True)
class Finding:
    """Something that Airflow goes on with: `at` a moment, or, without one, now or whenever it may be."""

    what: str
    at: datetime | None = None


@dataclass(frozen=True)
class Outlook:
    """What keeps Airflow awake, each in a few words, and what it is `next` needed for if nothing does."""

    awake: tuple[str, ...]
    next: Finding | None
    worked_at: datetime | None = None
    """When a person last did something in it; None where nobody ever did."""


def outlook(findings: Iterable[Finding], now: datetime, grace: timedelta) -> Outlook:
    """Return what follows from all findings; what is due within the `grace` keeps Airflow awake."""
    every = tuple(findings)
    later = [each for each in every if each.at is not None and each.at > now + grace]
    awake = dict.fromkeys(_words(each) for each in every if each not in later)
    return Outlook(tuple(awake), min(later, key=lambda each: each.at or now, default=None))


def _words(finding: Finding) -> str:
    return f"{finding.what} at {finding.at:%Y-%m-%d %H:%M}" if finding.at else finding.what
