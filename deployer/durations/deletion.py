"""Models the minutes that AWS takes to delete an environment, along the critical path of its compiled stacks."""

from collections.abc import Mapping

from compiler.model.template_set import TemplateSet
from deployer.durations.creation import MIDDLE, known_minutes, stack_templates, table
from deployer.durations.critical_path import longest
from pricing.template import StackTemplate

DELETE = "delete"
_SECTION = "deletions"
_SECONDS = 60.0


def deletion_seconds(templates: TemplateSet) -> Mapping[str, float]:
    """Return how long a deletion takes, and each nested stack in it, in the middle of the known spans.

    The keys are the name of the phase, and that name with the logical id of a nested stack. What goes first came last,
    so the chain is as long as if it were followed the other way round.
    """
    root, nested = stack_templates(templates)
    minutes = {name: _minutes(nested[name]) for name in root.resources}
    parts = {f"{DELETE} {name}": minutes[name] * _SECONDS for name in minutes}
    return {DELETE: longest(root.resources, minutes.__getitem__).minutes * _SECONDS, **parts}


def _minutes(stack: StackTemplate) -> float:
    inside = longest(stack.resources, lambda id_: _resource(str(stack.resources[id_]["Type"])))
    return known_minutes("steps", "stack", MIDDLE) + inside.minutes


def _resource(type_: str) -> float:
    return known_minutes(_SECTION, type_, MIDDLE) if type_ in table()[_SECTION] else 0.0
