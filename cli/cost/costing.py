"""Prices an environment by compiling it in memory."""

from compiler.compile import compile_environment
from compiler.model.asked_counts import asked_counts
from compiler.model.template_set import ROOT, TemplateSet
from compiler.model.yaml_reader import read_template
from pricing.bill import Bill
from pricing.price import price
from pricing.template import stack_template
from spec.environment import Environment


def bill_of(env: Environment) -> Bill:
    """Return what an environment costs with every service on."""
    return bill_of_templates(compile_environment(env))


def bill_of_templates(templates: TemplateSet) -> Bill:
    """Return what the environment of these templates costs, likewise."""
    parsed = {name: read_template(templates.files[f"{name}.yaml"]) for name in templates.nested}
    counts = {name: str(count) for name, count in asked_counts(read_template(templates.files[ROOT])).items()}
    return price(stack_template(name, template, counts) for name, template in parsed.items())
