"""A stack's template as prices are asked for it: its resources, and the parameters it was given."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

Properties = Mapping[str, Any]


@dataclass(frozen=True)
class StackTemplate:
    """The resources and outputs of one stack, named as its file is, and the parameters that are known."""

    name: str
    resources: Mapping[str, Mapping[str, Any]]
    parameters: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def of_type(self, type_: str) -> Iterator[tuple[str, Properties]]:
        """Yield logical id and properties of every resource of a type."""
        for logical_id, resource in self.resources.items():
            if resource["Type"] == type_:
                yield logical_id, resource.get("Properties", {})

    def properties(self, reference: Any) -> Properties | None:
        """Return the properties of the resource that a `Ref` names; None if it is in another stack."""
        name = reference.get("Ref") if isinstance(reference, Mapping) else None
        resource = self.resources.get(name) if isinstance(name, str) else None
        return resource.get("Properties", {}) if resource else None

    def number(self, value: Any, unknown: float) -> float:
        """Return a number that stands in the template or comes by a parameter; `unknown` if nobody said."""
        if isinstance(value, Mapping):
            value = self.parameters.get(str(value.get("Ref")))
        try:
            return float(value)
        except (TypeError, ValueError):
            return unknown


def read_template(name: str, text: str, parameters: Mapping[str, str] | None = None) -> StackTemplate:
    """Return the template in `text`, YAML or JSON, with short intrinsics in their long form."""
    parsed = yaml.load(text, Loader=_Loader)  # noqa: S506  # a SafeLoader with tags, see below
    return StackTemplate(name, parsed.get("Resources", {}), parameters or {}, parsed.get("Outputs", {}))


class _Loader(yaml.CSafeLoader):
    """Reads `!Ref x` as `{"Ref": "x"}` and `!Sub x` as `{"Fn::Sub": "x"}`."""


def _intrinsic(loader: _Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    name = tag if tag == "Ref" else f"Fn::{tag}"
    if isinstance(node, yaml.ScalarNode):
        return {name: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: None}


_Loader.add_multi_constructor("!", _intrinsic)
