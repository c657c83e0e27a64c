"""Runs a program of the runtime in a one-off task of the deployed image, and reads what it printed."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from compiler.contract import AIRFLOW, COMMAND
from deployer.aws.session import Session
from deployer.stacks.outputs import Outputs
from deployer.tasks.one_off_tasks import OneOffTask, run_one_off_tasks, task_network
from spec.environment import Environment
from spec.errors import Refusal

DELIVERY_SECONDS = 60.0
"""How long CloudWatch may take to show the last line of a container that has ended."""


class ReportRefusal(Refusal):
    """A program has ended, and what it printed is not there."""


@dataclass(frozen=True)
class Program:
    """A program that prints JSON lines with `kind`, the last with `end`; `name` is that of its task."""

    name: str
    kind: str
    script: str


def read_report(
    env: Environment, session: Session, outputs: Outputs, program: Program
) -> tuple[Mapping[str, Any], ...]:
    """Return the lines of a program but its last, when it has ended, however long that takes.

    Raises `OneOffTaskFailure`, or `ReportRefusal` when it did not say all.
    """
    task = OneOffTask(
        name=program.name,
        container=AIRFLOW,
        task_definition=outputs.command_task,
        network=task_network(env, outputs, outputs.command_group),
        script=program.script,
    )
    began = session.clock.now()
    run_one_off_tasks(session, outputs, [task], secrets.token_hex(8))
    found = session.clock.until(lambda: _report(session, outputs, program.kind, began), limit=DELIVERY_SECONDS)
    if found is None:
        raise ReportRefusal(
            f"The container of the {program.name} task did not say what it found.",
            next_step="Look at `windsock logs`, at the lines of the task `command`.",
        )
    return found


def _report(session: Session, outputs: Outputs, kind: str, since: float) -> tuple[Mapping[str, Any], ...] | None:
    """Return what the program said, or None while its last line is on its way."""
    lines = session.logs.lines(outputs.log_groups[COMMAND], since=since)
    entries = [entry for line in lines if (entry := _entry(line.text, kind))]
    return tuple(one for one in entries if "end" not in one) if any("end" in one for one in entries) else None


def _entry(text: str, kind: str) -> Mapping[str, Any]:
    """Return what a line of the program says; nothing for other lines."""
    try:
        entry = json.loads(text)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) and entry.get("kind") == kind else {}
