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


def conditional_losses(changes: Iterable[PlannedChange], templates: TemplateSet) -> Iterator[Loss]:
    """Yield the stateful resources that would be replaced if something else is, which the change set leaves open."""
    changes = tuple(changes)
    graph = StackGraph.of(templates)
    others = _others(changes, graph)
    for planned in changes:
        change = planned.change
        if change.type not in STATEFUL or change.replacement != "Conditional":
            continue
        for property_, origin in _create_only_origins(graph, planned.path, change.type):
            if origin in others:
                condition = f"would be replaced if {origin} is, which {property_} hangs on"
                yield Loss(planned.path, change.type, condition)


def _others(changes: Iterable[PlannedChange], graph: StackGraph) -> frozenset[str]:
    """Return the logical paths of what becomes another, or may; a condition that cannot come true is followed to that.

    Which properties are create-only is known of stateful types: any other resource with a condition may.
    """
    found, waiting = set(), []
    for planned in changes:
        change = planned.change
        if change.action in {"Add", "Remove"} or change.replacement == "True":
            found.add(planned.path)
        elif change.replacement == "Conditional" and change.type in STATEFUL:
            waiting.append(
                (planned.path, {origin for _, origin in _create_only_origins(graph, planned.path, change.type)})
            )
        elif change.replacement == "Conditional":
            found.add(planned.path)
    while following := {path for path, origins in waiting if path not in found and origins & found}:
        found |= following
    return frozenset(found)


def _create_only_origins(graph: StackGraph, path: str, type_: str) -> Iterator[tuple[str, str]]:
    """Yield each create-only property of a resource with the logical path of a resource that gives its value."""
    names = STATEFUL[type_].always | STATEFUL[type_].sometimes
    for reference in graph.references(path):
        if (name := reference.property.partition(".")[0]) in names:
            yield name, reference.target
