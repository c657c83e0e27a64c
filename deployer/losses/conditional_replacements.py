"""Says under which condition a `Conditional` replacement of a change set would happen, and whether it may.

A change set calls a replacement `Conditional` when a create-only property hangs on a value that only the execution
tells. The templates tell where that value comes from, and the change set tells whether its origin becomes another.
Source: ResourceChange, AWS CloudFormation API Reference,
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compiler.contract import snake
from compiler.model.template_set import ROOT, TemplateSet
from compiler.model.yaml_reader import read_template
from deployer.stacks.change_sets import PlannedChange
from deployer.stacks.stateful_types import STATEFUL
from deployer.stacks.template_diff import Loss

_NAMED = re.compile(r"\$\{([A-Za-z0-9.]+)\}")
_OTHER = frozenset({"Conditional", "True"})


def conditional_losses(changes: Iterable[PlannedChange], templates: TemplateSet) -> Iterator[Loss]:
    """Yield the stateful resources that would be replaced if something else is, which the change set leaves open."""
    changes = tuple(changes)
    others = {planned.path for planned in changes if _becomes_another(planned)}
    tree = _Tree(templates)
    for planned in changes:
        change = planned.change
        if change.type not in STATEFUL or change.replacement != "Conditional":
            continue
        for property_, origin in tree.create_only_origins(planned.path, change.type):
            if origin in others:
                condition = f"would be replaced if {origin} is, which {property_} hangs on"
                yield Loss(planned.path, change.type, condition)


def _becomes_another(planned: PlannedChange) -> bool:
    return planned.change.action in {"Add", "Remove"} or planned.change.replacement in _OTHER


@dataclass(frozen=True)
class _Tree:
    """The templates of an environment, in which a value can be followed to the resource that it comes from."""

    templates: TemplateSet

    def create_only_origins(self, path: str, type_: str) -> Iterator[tuple[str, str]]:
        """Yield each create-only property of a resource with the logical path of a resource that gives its value."""
        stack, _, logical_id = path.rpartition("/")
        resource = self._template(stack).get("Resources", {}).get(logical_id, {})
        names = STATEFUL[type_].always | STATEFUL[type_].sometimes
        for name in sorted(names & resource.get("Properties", {}).keys()):
            for origin in self._origins(stack, resource["Properties"][name]):
                yield name, origin

    def _origins(self, stack: str, value: Any) -> Iterator[str]:
        template = self._template(stack)
        for name, attribute in _references(value):
            resource = template.get("Resources", {}).get(name)
            if resource is None:
                yield from self._given(stack, name)
            elif attribute.startswith("Outputs."):
                output = self._template(name).get("Outputs", {}).get(attribute.partition(".")[2], {})
                yield from self._origins(name, output.get("Value"))
            else:
                yield f"{stack}/{name}" if stack else name

    def _given(self, stack: str, parameter: str) -> Iterator[str]:
        """Yield where the root takes the parameter of a nested stack from."""
        if stack:
            nested = self._template("").get("Resources", {}).get(stack, {})
            yield from self._origins("", nested.get("Properties", {}).get("Parameters", {}).get(parameter))

    def _template(self, stack: str) -> Mapping[str, Any]:
        file = f"{snake(stack)}.yaml" if stack else ROOT
        found: Mapping[str, Any] = read_template(self.templates.files.get(file, "{}"))
        return found


def _references(value: Any) -> Iterator[tuple[str, str]]:
    """Yield what a value refers to: a logical id, and the attribute of it, empty for the resource itself."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _intrinsic(key, inner)
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from _references(entry)


def _intrinsic(key: str, inner: Any) -> Iterator[tuple[str, str]]:
    if key == "Ref":
        yield str(inner), ""
    elif key == "Fn::GetAtt":
        name, _, attribute = ".".join(inner).partition(".") if isinstance(inner, list) else inner.partition(".")
        yield name, attribute
    elif key == "Fn::Sub":
        text = inner[0] if isinstance(inner, list) else inner
        for name in _NAMED.findall(text):
            yield name.partition(".")[0], name.partition(".")[2]
        yield from _references(inner)
    else:
        yield from _references(inner)
