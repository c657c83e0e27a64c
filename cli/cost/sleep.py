"""What it saves to sleep unless something is due, as text and as data."""

from dataclasses import dataclass
from typing import Any

from cli.sleeping.awake_hours import RUN, AwakeHours
from pricing.table import HOURS_PER_MONTH


@dataclass(frozen=True)
class Sleep:
    """How long an environment is awake a month, and what it would cost in USD a month if it were so always."""

    awake: AwakeHours
    always_on: float


def sleep_text(sleep: Sleep) -> str:
    """Return what keeps it awake, and what nobody knows."""
    awake = sleep.awake
    least = "at least " if awake.unread else ""
    minutes = RUN.seconds // 60
    hours = f"Awake {least}{awake.hours:.0f} of {HOURS_PER_MONTH:.0f} hours a month by the schedules of its DAGs"
    lines = [
        f"{hours}, each run taken for {minutes} minutes; always awake it would cost {sleep.always_on:.2f}.",
        *([f"What it is awake for: {awake.words}."] if awake.runs else []),
        *(f"Not known, and not in it: {reason}" for reason in awake.unread),
    ]
    return "\n".join(lines)


def sleep_data(sleep: Sleep | None) -> dict[str, Any]:
    """Return the same as plain data; without any where it does not sleep so."""
    if sleep is None:
        return {"sleep": None}
    awake = sleep.awake
    told = {"awake_hours": awake.hours, "runs": awake.runs, "unread": awake.unread, "always_on": sleep.always_on}
    return {"sleep": told}
