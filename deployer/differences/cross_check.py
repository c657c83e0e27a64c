"""Compares what the templates foresee with what CloudFormation's change set says."""

from collections.abc import Iterable, Iterator

from deployer.aws.stacks import STACK_TYPE
from deployer.differences.consequences import QUIET_REPLACEMENTS
from deployer.differences.difference import Difference, Effect, PropertyChange
from deployer.stacks.change_sets import PlannedChange

_VERBS = {"Add": "add", "Remove": "remove"}


def disagreements(foreseen: Difference, changes: Iterable[PlannedChange]) -> Iterator[str]:
    """Yield a sentence for each resource that CloudFormation adds, removes or replaces against what was foreseen.

    What follows from a new image or another parameter is in no template: it changes in place, or is a new revision.
    """
    known = {resource.path: resource for resource in foreseen.resources}
    for planned in changes:
        change = planned.change
        if change.type == STACK_TYPE or change.type in QUIET_REPLACEMENTS:
            continue
        resource = known.get(planned.path)
        if change.action in _VERBS and (resource is None or resource.properties):
            yield f"CloudFormation will {_VERBS[change.action]} {planned.path} ({change.type}), which was not foreseen."
        elif change.replacement == "True" and not (resource and _replaced(resource.properties)):
            yield f"CloudFormation will replace {planned.path} ({change.type}), which was not foreseen."


def _replaced(properties: Iterable[PropertyChange]) -> bool:
    return any(change.effect is not Effect.IN_PLACE for change in properties)
