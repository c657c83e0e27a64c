"""Writes the plan of a teardown: its steps, what is lost, what stays and costs money, and how much else goes."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from cli.planning.steps import steps_data, steps_text
from cli.terminal.progress_lines import duration
from cli.terminal.screen import columns
from deployer.durations.deletion import DELETE
from deployer.losses.fates import Fate
from deployer.plans.plan import Plan


def teardown_page(plan: Plan) -> str:
    """Return the page, without a line break at its end."""
    return "\n\n".join([steps_text(plan), *_minutes(plan), *_lost(_state(plan)), *_kept(plan), *_gone(plan)])


def teardown_data(plan: Plan) -> dict[str, Any]:
    """Return the plan as plain data."""
    return {
        **steps_data(plan),
        "lost": [asdict(fate) for fate in _state(plan)],
        "kept": [asdict(fate) for fate in plan.fates if fate.kept],
        "deleted": sum(not fate.kept for fate in plan.fates),
    }


def _minutes(plan: Plan) -> Iterator[str]:
    if DELETE in plan.seconds and not plan.seconds_as_before:
        yield f"CloudFormation takes about {duration(plan.seconds[DELETE])}; a final snapshot takes longer."


def _state(plan: Plan) -> list[Fate]:
    return [fate for fate in plan.fates if fate.state and not fate.kept]


def _lost(state: Sequence[Fate]) -> Iterator[str]:
    if state:
        yield "State that is lost for good\n" + columns([("", fate.path, fate.type, fate.name) for fate in state])


def _kept(plan: Plan) -> Iterator[str]:
    rows = [("", fate.path, fate.name, f"{fate.kept}{_price(fate)}") for fate in plan.fates if fate.kept]
    if rows:
        yield "Kept\n" + columns(rows)
    elif plan.fates:
        yield "Nothing is kept."


def _price(fate: Fate) -> str:
    return f", at most USD {fate.monthly:.2f} a month" if fate.monthly else ""


def _gone(plan: Plan) -> Iterator[str]:
    if gone := sum(not fate.kept and not fate.state for fate in plan.fates):
        yield "1 resource without state is deleted." if gone == 1 else f"{gone} resources without state are deleted."
