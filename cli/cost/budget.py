"""Holds an environment to the budget in its YAML."""

from collections.abc import Iterator

from cli.cost.costing import bill_of_templates
from compiler.model.template_set import TemplateSet
from spec.environment import Environment
from spec.errors import Refusal

ALLOW = "--over-budget"


def over_budget(env: Environment, templates: TemplateSet, awake: float | None = None) -> Iterator[str]:
    """Yield a sentence when a month costs more than the YAML allows; `awake` as for `bill_of_templates`."""
    limit = env.cost.monthly_limit
    if limit is None:
        return
    monthly = bill_of_templates(templates, awake).monthly
    if monthly > limit:
        yield f"a month costs {monthly:.2f} USD by list prices, and cost.monthly_limit is {limit:g}"


def refuse_over_budget(env: Environment, templates: TemplateSet, awake: float | None = None, *, allowed: bool) -> None:
    """Refuse what costs more than the YAML allows, unless that is `allowed`. Raises `Refusal`."""
    for sentence in over_budget(env, templates, awake) if not allowed else ():
        raise Refusal(
            f"{env.name} is over its budget: {sentence}.",
            why="`windsock cost` lists what costs how much, and which changes save money.",
            next_step=f"Change the YAML or, if the cost is meant, deploy with {ALLOW}.",
        )
