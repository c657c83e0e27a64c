"""Writes the plan of a push: its steps, the files that change, and what the restart of services does."""

from collections.abc import Iterator
from typing import Any

from cli.planning.steps import steps_data, steps_text
from deployer.push import PlannedPush
from deployer.steps.services.replaced_tasks import replaced_tasks


def push_page(planned: PlannedPush) -> str:
    """Return the page, without a line break at its end."""
    return "\n\n".join([steps_text(planned.plan), *_files(planned), *_restart(planned)])


def push_data(planned: PlannedPush) -> dict[str, Any]:
    """Return the plan as plain data."""
    return {
        **steps_data(planned.plan),
        "version": planned.code.version,
        "changed": list(planned.changes.put),
        "removed": list(planned.changes.deleted),
        "restarts": planned.restarts,
    }


def _files(planned: PlannedPush) -> Iterator[str]:
    lines = [f"  + {name}" for name in planned.changes.put] + [f"  - {name}" for name in planned.changes.deleted]
    yield "\n".join(["Files", *lines]) if lines else "No file changes."


def _restart(planned: PlannedPush) -> Iterator[str]:
    if planned.restarts:
        yield "\n".join(["Every service starts anew, one task after the other.", *replaced_tasks(planned.env)])
