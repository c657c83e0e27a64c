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


def bill_of(env: Environment, home: Path | None = None) -> Bill:
    """Return what an environment costs with every service on.

    One that sleeps unless something is due costs by the DAGs in its `home`; without one, as if it never slept.
    """
    awake = awake_hours(env, env.due, home).hours if env.due and home else None
    return bill_of_templates(compile_environment(env), awake)


def bill_of_templates(templates: TemplateSet, awake: float | None = None) -> Bill:
    """Return what the environment of these templates costs, likewise."""
    parsed = {name: read_template(templates.files[f"{name}.yaml"]) for name in templates.nested}
    counts = {name: str(count) for name, count in asked_counts(read_template(templates.files[ROOT])).items()}
    return price((stack_template(name, template, counts) for name, template in parsed.items()), awake_hours=awake)
