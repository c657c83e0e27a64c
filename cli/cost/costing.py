"""What an environment YAML costs: compiled in memory, and priced."""

from compiler.compile import compile_environment
from pricing.bill import Bill
from pricing.price import price
from pricing.template import read_template
from spec.environment import Environment


def bill_of(env: Environment) -> Bill:
    """Return what an environment costs with every service on."""
    templates = compile_environment(env)
    return price(read_template(name, templates.files[f"{name}.yaml"]) for name in templates.nested)
