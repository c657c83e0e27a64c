"""Writes the plan of a deploy: its steps with their reasons, and what it changes, before anybody says yes."""

from collections.abc import Iterator

from cli.cost.costing import bill_of_templates
from cli.differences.differing import Differing
from cli.differences.entries import money
from cli.differences.text_page import blocks, hand_section
from cli.planning.steps import steps_text
from cli.upgrading.announcement import announcement
from compiler.contract import words
from compiler.model.template_set import TemplateSet
from deployer.durations.creation import BEST, MIDDLE, WORST, creation
from deployer.plans.plan import Plan


def plan_page(plan: Plan, old: TemplateSet, new: TemplateSet, awake: float | None = None) -> str:
    """Return the page; `old` are the templates that are deployed, of which there are none before a first deploy.

    `awake` are the hours of a month for which the DAGs keep an environment awake that sleeps until something is due.
    """
    found = Differing(
        environment=plan.name,
        old="what is deployed",
        difference=plan.difference,
        monthly_before=bill_of_templates(old, awake).monthly if old.nested else None,
        monthly_after=bill_of_templates(new, awake).monthly,
    )
    return "\n\n".join([steps_text(plan), *_upgrade(plan), *_changes(plan, found, new, first=not old.nested)])


def _upgrade(plan: Plan) -> Iterator[str]:
    if plan.upgrade:
        yield "\n".join(announcement(plan.name, plan.upgrade))


def _minutes(templates: TemplateSet) -> Iterator[str]:
    best, middle, worst = (creation(templates, slowness).minutes for slowness in (BEST, MIDDLE, WORST))
    if middle:
        yield f"It takes about {middle:.0f} minutes, {best:.0f} at best, {worst:.0f} at worst, and the image besides."


def _changes(plan: Plan, found: Differing, templates: TemplateSet, *, first: bool) -> Iterator[str]:
    yield from hand_section(plan.by_hand)
    if not plan.final:
        yield "What changes besides is planned once that is done."
        return
    if plan.losses:
        yield "\n".join(["Lost, as you allowed", *(f"  {loss.path}: {loss.what}" for loss in plan.losses)])
    counts = [
        f"  {words(change.process)}: {change.before} -> {change.after} tasks" for change in plan.services if not first
    ]
    counts += [
        f"  {words(process)}: {count} tasks, as somebody set by hand" for process, count in plan.kept_counts.items()
    ]
    if counts:
        yield "\n".join(["Services", *counts])
    if first:
        new = f"Everything is new: {len(plan.difference.resources)} resources."
        yield "\n".join([new, *money(found), *_minutes(templates)])
    elif plan.difference:
        yield from blocks(found)
    else:
        yield f"No resource of its templates changes: {plan.difference.unchanged} stay as they are."
