"""Writes the plan of a deploy: its steps with their reasons, and what it changes, before anybody says yes."""

from collections.abc import Iterator

from cli.cost.costing import bill_of_templates
from cli.differences.differing import Differing
from cli.differences.entries import money
from cli.differences.text_page import blocks
from cli.terminal.screen import columns
from cli.upgrading.announcement import announcement
from compiler.contract import words
from compiler.model.template_set import TemplateSet
from deployer.plans.plan import Plan
from deployer.steps.code.one_off_tasks import RunOneOffTasks
from deployer.steps.step import Need, Step


def plan_page(plan: Plan, old: TemplateSet, new: TemplateSet) -> str:
    """Return the page; `old` are the templates that are deployed, of which there are none before a first deploy."""
    found = Differing(
        environment=plan.name,
        old="what is deployed",
        difference=plan.difference,
        monthly_before=bill_of_templates(old).monthly if old.nested else None,
        monthly_after=bill_of_templates(new).monthly,
    )
    return "\n\n".join(
        [f"Plan for {plan.name}\n{_steps(plan)}", *_upgrade(plan), *_changes(plan, found, first=not old.nested)]
    )


def _steps(plan: Plan) -> str:
    return columns([row for step in plan.steps_to_do for row in _rows(step, plan)])


def _rows(step: Step, plan: Plan) -> list[tuple[str, str, str]]:
    """Return the row of a step; of one-off tasks each has its own."""
    if isinstance(step, RunOneOffTasks):
        return [("", task.task, _reason(task.need, task.command)) for task in plan.tasks if task.need is not Need.NO]
    return [("", step.name, _reason(step.need, step.reason))]


def _reason(need: Need, reason: str) -> str:
    return f"{Need.UNKNOWN.value}: {reason}" if need is Need.UNKNOWN else reason


def _upgrade(plan: Plan) -> Iterator[str]:
    if plan.upgrade:
        yield "\n".join(announcement(plan.name, plan.upgrade))


def _changes(plan: Plan, found: Differing, *, first: bool) -> Iterator[str]:
    if plan.losses:
        yield "\n".join(["Lost, as you allowed", *(f"  {loss.path}: {loss.what}" for loss in plan.losses)])
    counts = [
        f"  {words(change.process)}: {change.before} -> {change.after} tasks" for change in plan.services if not first
    ]
    if counts:
        yield "\n".join(["Services", *counts])
    if first:
        yield "\n".join([f"Everything is new: {len(plan.difference.resources)} resources.", *money(found)])
    elif plan.difference:
        yield from blocks(found)
    else:
        yield f"No resource of its templates changes: {plan.difference.unchanged} stay as they are."
