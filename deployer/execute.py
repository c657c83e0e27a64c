"""Executes a plan step by step; each step looks again before it acts, so that a killed run is completed by the next."""

from deployer.plans.plan import Plan
from deployer.steps.step import Context, Facts


def execute(plan: Plan, context: Context, facts: Facts) -> Facts:
    """Tell what is to be told before, execute every step in its order, and return what is known at the end."""
    for note in plan.notes:
        context.progress.note(note)
    with context.session.patience.told_to(context.progress.note):
        for step in plan.steps:
            context.lease.require()
            facts = step.execute(context, facts)
    return facts
