"""The template of a stack as tariffs read it: its resources, its outputs and its known parameters."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Properties = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class StackTemplate:
    """The resources, outputs and known parameters of one stack; its file has the same name."""

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
        """Return a number of the template or of a parameter, or else `unknown`."""
        if isinstance(value, Mapping):
            value = self.parameters.get(str(value.get("Ref")))
        try:
            return float(value)
        except (TypeError, ValueError):
            return unknown


def stack_template(name: str, parsed: Mapping[str, Any], parameters: Mapping[str, str] | None = None) -> StackTemplate:
    """Return the stack of a parsed template, with intrinsics in their long form."""
    return StackTemplate(
        name=name,
        resources=parsed.get("Resources", {}),
        parameters=parameters or {},
        outputs=parsed.get("Outputs", {}),
    )
