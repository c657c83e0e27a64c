"""A stack's template as prices are asked for it: its resources, and the parameters it was given."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

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


def stack_template(name: str, parsed: Mapping[str, Any], parameters: Mapping[str, str] | None = None) -> StackTemplate:
    """Return a parsed template, whose intrinsics are in their long form, as prices are asked for it."""
    return StackTemplate(name, parsed.get("Resources", {}), parameters or {}, parsed.get("Outputs", {}))
