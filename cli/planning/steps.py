"""Writes the steps of a plan with their reasons, for people and as JSON."""

from typing import Any

from cli.terminal.progress_lines import duration
from cli.terminal.screen import columns
from deployer.plans.plan import Plan
from deployer.steps.code.one_off_tasks import RunOneOffTasks
from deployer.steps.step import Need, Step


def steps_text(plan: Plan) -> str:
    """Return the heading and the steps that have, or may have, something to do."""
    rows = [row for step in plan.steps_to_do for row in _rows(step, plan)]
    took = f"\n  about {duration(plan.seconds_as_before)} in all, by earlier runs" if plan.seconds_as_before else ""
    return f"Plan for {plan.name}\n{columns(rows) if rows else '  nothing to do'}{took}"


def steps_data(plan: Plan) -> dict[str, Any]:
    """Return the same as plain data."""
    steps = [{"step": step.name, "need": step.need.value, "reason": step.reason} for step in plan.steps_to_do]
    return {"environment": plan.name, "steps": steps, "seconds": plan.seconds_as_before or None}


def _rows(step: Step, plan: Plan) -> list[tuple[str, str, str]]:
    """Return the row of a step; of one-off tasks each has its own."""
    if isinstance(step, RunOneOffTasks):
        return [("", task.task, _reason(task.need, task.command)) for task in plan.tasks if task.need is not Need.NO]
    return [("", step.name, _reason(step.need, step.reason))]


def _reason(need: Need, reason: str) -> str:
    return f"{Need.UNKNOWN.value}: {reason}" if need is Need.UNKNOWN else reason
