"""The tables of a report, read from templates: who reaches whom, who may do what, what stays, and what is waived."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cli.cost.costing import bill_of_templates
from compiler.contract import BOOTSTRAP_STACK
from compiler.lint import WAIVED, WAIVED_FOR_ADDRESSES
from compiler.model.stack_graph import StackGraph
from compiler.model.template_set import TemplateSet
from deployer.differences.grants import grants, less
from deployer.differences.ports import ports
from deployer.stacks.stateful_types import STATEFUL

_HERE = re.compile(r"arn:\$\{AWS::Partition\}:|\$\{AWS::Region\}:\$\{AWS::AccountId\}:")
_ENDS = (" (in)", " (out)")
_DELETE = "Delete"
_FATES = {
    "Retain": "stays after a teardown",
    "RetainExceptOnCreate": "stays after a teardown",
    "Snapshot": "leaves a last snapshot",
    _DELETE: "is deleted with all it holds",
}


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table with a caption; `note` stands below it. Columns that are `numbers` are set to the right."""

    caption: str
    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    numbers: frozenset[int] = frozenset()


def cost(templates: TemplateSet, awake: float | None = None) -> Table:
    """Return what each resource costs a month, and the sum; `awake` as for `bill_of_templates`."""
    bill = bill_of_templates(templates, awake)
    rows = [(line.path, line.item, f"{line.monthly:.2f}") for line in bill.lines if round(line.monthly, 2)]
    return Table(
        caption="Cost a month by list prices, in USD",
        heading=("resource", "what", "USD"),
        rows=(*rows, ("total", "", f"{bill.monthly:.2f}")),
        note="`windsock cost` says what it assumes of usage, and what the total leaves out.",
        numbers=frozenset({2}),
    )


def reach(templates: TemplateSet) -> Table:
    """Return who reaches whom; the two rules of a connection are one row."""
    return Table(
        caption="Who reaches whom",
        heading=("from", "to", "what passes"),
        rows=_distinct(_reach(StackGraph.of(templates))),
        note="Nothing else passes.",
    )


def rights(templates: TemplateSet) -> Table:
    """Return what each role may do, and what is refused to everybody."""
    return Table(
        caption="Who may do what",
        heading=("who", "may", "actions", "on", "condition"),
        rows=_distinct(_rights(StackGraph.of(templates))),
        note="Nothing else is allowed to these roles.",
    )


def state(templates: TemplateSet) -> Table:
    """Return what holds state, and what becomes of it in a teardown."""
    return Table(
        caption="State, and what a teardown does with it",
        heading=("resource", "type", "what becomes of it"),
        rows=_distinct(_state(StackGraph.of(templates))),
    )


def waived() -> Table:
    """Return the checks that do not count, each with its reason."""
    rules = {**WAIVED, **WAIVED_FOR_ADDRESSES}
    return Table(
        caption="Checks that are waived",
        heading=("check", "what", "reason"),
        rows=tuple(("cfn-lint", rule, f"{reason}.") for rule, reason in sorted(rules.items())),
        note="What checkov finds is explained in docs/security.md of Windsock.",
    )


def _reach(graph: StackGraph) -> Iterator[tuple[str, ...]]:
    for port in ports(graph):
        passes = port.ports
        for end in _ENDS:
            passes = passes.removesuffix(end)
        yield port.source, port.target, passes


def _rights(graph: StackGraph) -> Iterator[tuple[str, ...]]:
    for right in less(grants(graph), ()):
        if not any(name.startswith(BOOTSTRAP_STACK) for name in (right.who, right.resource)):
            actions = ", ".join(right.actions)
            yield tuple(map(_short, (right.who, right.effect.lower(), actions, right.resource, right.condition)))


def _state(graph: StackGraph) -> Iterator[tuple[str, ...]]:
    for path, resource in graph.resources.items():
        if resource["Type"] in STATEFUL and not path.startswith(BOOTSTRAP_STACK):
            yield path, resource["Type"], _FATES[resource.get("DeletionPolicy", _DELETE)]


def _short(text: str) -> str:
    """Return a text without what all ARNs of an environment have in common."""
    return _HERE.sub("", text)


def _distinct(rows: Iterator[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys(tuple(row) for row in rows))
