"""What a nested stack is, and the sheet on which it is drawn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from troposphere import AWSObject, Output, Parameter, Ref, Template

from compiler.model.stack_values import Wire
from spec.environment import Environment

ResourceT = TypeVar("ResourceT", bound=AWSObject)
Policies = Mapping[str, Any]

KEEP: Policies = MappingProxyType({"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"})
"""State survives its stack, unless its stack never came up: a failed first deploy leaves nothing behind."""

DROP: Policies = MappingProxyType({"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"})
"""State goes with its stack; said out loud, because the defaults differ from type to type."""


class Stack(Protocol):
    """One nested stack, all of it: a module of `compiler/stacks/` with these four names.

    `NEEDS` and `GIVES` are the wires it may take and give; which of them it does depends on the environment.
    """

    DESCRIPTION: str
    TIMEOUT_MINUTES: int
    NEEDS: frozenset[Wire]
    GIVES: frozenset[Wire]

    def build(self, env: Environment, sheet: "Sheet") -> None:
        """Draw the stack of `env` on `sheet`."""


@dataclass(frozen=True)
class Sheet:
    """The page a stack is drawn on: resources by `draw`, values from other stacks by `wire`, to others by `give`."""

    name: str
    template: Template
    needs: dict[Wire, Parameter] = field(default_factory=dict)
    gives: dict[Wire, Output] = field(default_factory=dict)

    def draw(self, resource: ResourceT, description: str) -> ResourceT:
        """Put a resource on the sheet; its description is what people see while it is being created."""
        resource.Metadata = {"Description": description}
        return self.template.add_resource(resource)

    def wire(self, wire: Wire) -> Ref:
        """Return the value that another stack, or the root, gives under this name."""
        if wire not in self.needs:
            parameter = Parameter(wire.title, Type="String", Description=wire.description)
            self.needs[wire] = self.template.add_parameter(parameter)
        return Ref(wire.title)

    def wires(self, wires: Iterable[Wire]) -> list[Ref]:
        """Return the values that another stack gives under these names."""
        return [self.wire(wire) for wire in wires]

    def give(self, wire: Wire, value: Any) -> None:
        """Hand a value to whoever needs it."""
        self.gives[wire] = self.template.add_output(Output(wire.title, Description=wire.description, Value=value))


def state(*, protect: bool) -> Policies:
    """Return what happens to a resource that holds state when its stack, or the resource, goes."""
    return KEEP if protect else DROP
