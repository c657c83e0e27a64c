"""Refuses texts and lists that are longer than the model of the API allows, in the words of AWS.

The models are botocore's, which AWS makes from its own: https://github.com/boto/botocore/tree/develop/botocore/data
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from botocore.model import ListShape, Shape, StringShape

from rehearsal.emulator.api.signed_request import Denial
from rehearsal.emulator.service_models import service_model

UNREAD = frozenset({"s3"})
"""Its bodies are the users' own objects."""
CODE = "ValidationError"
TEXT = "Value '{value}' at '{where}' failed to satisfy constraint: Member must have length less than or equal to {most}"
DETECTED = "{count} validation error{s} detected: {errors}"
SHOWN = 100
"""Characters of a value in an error; AWS repeats all of it."""


def refusal(service: str, operation: str, parameters: Mapping[str, Any]) -> Denial | None:
    """Return the error for parameters, by name in lower case, of which some are too long; None when all fit."""
    errors = list(_errors(service, operation, parameters))
    if not errors:
        return None
    plural = "s" if len(errors) > 1 else ""
    return Denial(CODE, DETECTED.format(count=len(errors), s=plural, errors="; ".join(errors)))


def _errors(service: str, operation: str, parameters: Mapping[str, Any]) -> Iterator[str]:
    for name, shape in _members(service, operation).items():
        value = parameters.get(name.lower())
        most = shape.metadata.get("max")
        if most is None or not isinstance(value, str | list):
            continue
        if isinstance(value, str) == isinstance(shape, StringShape) and len(value) > most:
            where = name[:1].lower() + name[1:]
            yield TEXT.format(value=str(value)[:SHOWN], where=where, most=most)


@cache
def _members(service: str, operation: str) -> Mapping[str, Shape]:
    """Return the texts and lists of an operation's request; none where botocore has no model."""
    model = None if service in UNREAD else service_model(service)
    if model is None:
        return {}
    shape = model.operation_model(operation).input_shape if operation in model.operation_names else None
    members = shape.members if shape else {}
    return {name: one for name, one in members.items() if isinstance(one, StringShape | ListShape)}
