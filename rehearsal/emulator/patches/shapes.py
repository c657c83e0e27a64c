"""CloudFormation properties turned into API requests by botocore's own shapes."""

import functools
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape
from botocore.validate import ParamValidator

from rehearsal.emulator.service_models import service_model


def request(service: str, operation: str, properties: dict[str, Any]) -> dict[str, Any]:
    """Build the request of an API operation from the properties of a resource type made after it.

    Raises:
        ValueError: a property the operation does not know, or a value it would refuse.
    """
    shape = input_shape(service, operation)
    converted = convert(properties, shape)
    report = ParamValidator().validate(converted, shape)
    if report.has_errors():
        raise ValueError(report.generate_report())
    return dict(converted)


@functools.cache
def input_shape(service: str, operation: str) -> StructureShape:
    """Return the shape of an API operation's input."""
    model = service_model(service)
    shape = model.operation_model(operation).input_shape if model else None
    if shape is None:
        raise ValueError(f"{operation} of {service} takes nothing")
    return shape


def members(service: str, operation: str) -> frozenset[str]:
    """Return the member names of an operation's input, in lower case."""
    return frozenset(name.lower() for name in input_shape(service, operation).members)


def convert(value: Any, shape: Shape) -> Any:
    """One value with its names and types as the shape has them; CloudFormation writes numbers and truths as strings."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        known = {name.lower(): name for name in shape.members}
        unknown = [name for name in value if name.lower() not in known]
        if unknown:
            raise ValueError(f"Encountered unsupported property {', '.join(unknown)} ({shape.name})")
        named = {known[name.lower()]: part for name, part in value.items()}
        return {name: convert(part, shape.members[name]) for name, part in named.items()}
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [convert(part, shape.member) for part in value]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {name: convert(part, shape.value) for name, part in value.items()}
    return _scalar(value, shape.type_name)


def _scalar(value: Any, kind: str) -> Any:
    if kind in ("integer", "long") and isinstance(value, str):
        return int(value)
    if kind == "boolean" and isinstance(value, str):
        return value.lower() == "true"
    if kind == "string" and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value
