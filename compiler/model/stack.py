"""What a nested stack is, and the builder that collects its resources, parameters and outputs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from troposphere import AWSObject, Equals, Not, Output, Parameter, Ref, Template

from compiler.model.stack_values import StackValue, in_order
from spec.environment import Environment

ResourceT = TypeVar("ResourceT", bound=AWSObject)
Policies = Mapping[str, Any]

RETAIN: Policies = MappingProxyType({"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"})
"""State survives its stack, unless its stack never came up: a failed first deploy leaves nothing behind."""

DELETE: Policies = MappingProxyType({"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"})
"""State goes with its stack; the templates say so because the defaults differ from type to type."""


class Stack(Protocol):
    """One nested stack, all of it: a module of `compiler/stacks/` with these five names.

    `INPUTS` and `OUTPUTS` are the values it may take and output; which of them it does depends on the environment.
    """

    DESCRIPTION: str
    TIMEOUT_MINUTES: int
    INPUTS: frozenset[StackValue]
    OUTPUTS: frozenset[StackValue]

    def build(self, env: Environment, stack: "StackBuilder") -> None:
        """Add the resources of `env` to `stack`."""


@dataclass(frozen=True, kw_only=True)
class StackBuilder:
    """Collects one stack: `add` takes resources, `parameter` values of other stacks, `output` values for them."""

    name: str
    template: Template
    inputs: dict[StackValue, Parameter] = field(default_factory=dict)
    outputs: dict[StackValue, Output] = field(default_factory=dict)

    def add(self, resource: ResourceT, description: str) -> ResourceT:
        """Add a resource; people see its description while the resource is created."""
        resource.Metadata = {"Description": description}
        return self.template.add_resource(resource)

    def parameter(self, value: StackValue) -> Ref:
        """Return a reference to a value that another stack, or the root, provides; or what this one outputs itself."""
        if value in self.outputs:
            own: Ref = self.outputs[value].Value
            return own
        if value not in self.inputs:
            parameter = Parameter(value.title, Type="String", Description=value.description)
            self.inputs[value] = self.template.add_parameter(parameter)
        return Ref(value.title)

    def parameters(self, values: Iterable[StackValue]) -> list[Ref]:
        """Return references to several values."""
        return [self.parameter(value) for value in values]

    def known(self, value: StackValue | str) -> Ref | str:
        """Return a reference to a value of another stack, or what the YAML names as it is."""
        return value if isinstance(value, str) else self.parameter(value)

    def above_zero(self, count: StackValue) -> str:
        """Return the name of the condition that a number of tasks, which the root provides, is not zero."""
        name = f"{count.title}AboveZero"
        self.template.add_condition(name, Not(Equals(self.parameter(count), "0")))
        return name

    def output(self, value: StackValue, content: Any) -> None:
        """Provide a value to the stacks that take it."""
        output = Output(value.title, Description=value.description, Value=content)
        self.outputs[value] = self.template.add_output(output)

    def sort_parameters(self) -> None:
        """List the parameters in the order that all templates share, whatever order the stack took them in."""
        self.template.parameters = {value.title: self.inputs[value] for value in in_order(self.inputs)}


def state(*, protect: bool) -> Policies:
    """Return what happens to a resource that holds state when its stack, or the resource, is deleted."""
    return RETAIN if protect else DELETE
