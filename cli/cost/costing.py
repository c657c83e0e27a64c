"""Prices an environment by compiling it in memory."""

from pathlib import Path

from cli.sleeping.awake_hours import awake_hours
from compiler.compile import compile_environment
from compiler.model.asked_counts import asked_counts
from compiler.model.template_set import ROOT, TemplateSet
from compiler.model.yaml_reader import read_template
from pricing.bill import Bill
from pricing.price import price
from pricing.template import stack_template
from spec.environment import Environment

ALARM = "alarm"
"""The nested stack of an environment that sleeps until something is due; no other has it."""


def bill_of(env: Environment, home: Path | None = None) -> Bill:
    """Return what an environment costs with every service on.

    One that sleeps unless something is due costs by the DAGs in its `home`; without one, as if it never slept.
    """
    return bill_of_templates(compile_environment(env), awake_of(env, home) if home else None)


def awake_of(env: Environment, home: Path) -> float | None:
    """Return for how many hours of a month the DAGs in its `home` keep an environment awake; None unless it sleeps."""
    return awake_hours(env, env.due, home).hours if env.due else None


def bill_of_templates(templates: TemplateSet, awake: float | None = None) -> Bill:
    """Return what the environment of these templates costs when it is awake for so many hours of a month.

    Templates of an environment that does not sleep until something is due cost as if it never slept.
    """
    awake = awake if ALARM in templates.nested else None
    parsed = {name: read_template(templates.files[f"{name}.yaml"]) for name in templates.nested}
    counts = {name: str(count) for name, count in asked_counts(read_template(templates.files[ROOT])).items()}
    return price((stack_template(name, template, counts) for name, template in parsed.items()), awake_hours=awake)
