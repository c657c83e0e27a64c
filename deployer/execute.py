"""Executes a plan step by step; each step looks again before it acts, so that a killed run is completed by the next."""

from dataclasses import replace

from deployer.durations.stopwatch import Stopwatch
from deployer.plans.plan import Plan
from deployer.record.times import note_times
from deployer.steps.step import Context, Facts

_LEAVES_NOTHING = "teardown"
"""The verb whose times are not kept: it takes the place away where they would be."""


def execute(plan: Plan, context: Context, facts: Facts) -> Facts:
    """Tell what is to be told before, execute every step in its order, and return what is known at the end.

    Each phase says how long it takes: as it did in earlier runs, or by the plan.
    """
    lease, now = context.lease, context.session.clock.now
    keeps = lease.what != _LEAVES_NOTHING
    watch = Stopwatch(context.progress, {**plan.seconds, **plan.known}, now)
    context = replace(context, progress=watch)
    for note in plan.notes:
        watch.note(note)
    with context.session.patience.told_to(watch.note):
        for step in plan.steps:
            lease.require()
            facts = step.execute(context, facts)
    watch.end()
    if keeps and lease.bucket and watch.took and _did_something(facts):
        note_times(context.env, context.session, lease.bucket, lease.what, watch.took)
    return facts


def _did_something(facts: Facts) -> bool:
    """Whether a run is like those to come: one that finds nothing to do is quicker than any that does."""
    return facts.changed or facts.released or facts.synced or facts.restarted
