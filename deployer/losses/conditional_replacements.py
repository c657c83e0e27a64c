"""Says under which condition a `Conditional` replacement of a change set would happen, and whether it may.

A change set calls a replacement `Conditional` when a create-only property hangs on a value that only the execution
tells. The templates tell where that value comes from, and the change set tells whether its origin becomes another.
Source: ResourceChange, AWS CloudFormation API Reference,
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
"""

from collections.abc import Iterable, Iterator

from compiler.model.stack_graph import StackGraph
from compiler.model.template_set import TemplateSet
from deployer.stacks.change_sets import PlannedChange
from deployer.stacks.stateful_types import STATEFUL
from deployer.stacks.template_diff import Loss

_OTHER = frozenset({"Conditional", "True"})


def conditional_losses(changes: Iterable[PlannedChange], templates: TemplateSet) -> Iterator[Loss]:
    """Yield the stateful resources that would be replaced if something else is, which the change set leaves open."""
    changes = tuple(changes)
    others = {planned.path for planned in changes if _becomes_another(planned)}
    graph = StackGraph.of(templates)
    for planned in changes:
        change = planned.change
        if change.type not in STATEFUL or change.replacement != "Conditional":
            continue
        for property_, origin in _create_only_origins(graph, planned.path, change.type):
            if origin in others:
                condition = f"would be replaced if {origin} is, which {property_} hangs on"
                yield Loss(planned.path, change.type, condition)


def _becomes_another(planned: PlannedChange) -> bool:
    return planned.change.action in {"Add", "Remove"} or planned.change.replacement in _OTHER


def _create_only_origins(graph: StackGraph, path: str, type_: str) -> Iterator[tuple[str, str]]:
    """Yield each create-only property of a resource with the logical path of a resource that gives its value."""
    names = STATEFUL[type_].always | STATEFUL[type_].sometimes
    for reference in graph.references(path):
        if (name := reference.property.partition(".")[0]) in names:
            yield name, reference.target
