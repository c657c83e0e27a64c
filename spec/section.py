"""The manners all sections of the YAML share, and the one way a validator says no."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Never

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError


class Section(BaseModel):
    """A frozen mapping that refuses unknown keys; the docstring under a field is its documentation everywhere."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


class Violation(NamedTuple):
    """One reason to refuse a value: what is wrong, what would be right, and the keys below the value to point at."""

    message: str
    hint: str = ""
    at: tuple[str | int, ...] = ()


def offered(values: Iterable[str | int]) -> Any:
    """Tell the JSON schema, and with it the editor, which values a validator accepts."""
    return Field(json_schema_extra={"enum": list(values)})


def refuse(message: str, *, hint: str = "", at: tuple[str | int, ...] = ()) -> Never:
    """Refuse a value from inside a validator.

    `message` says what is wrong, `hint` what would be right, `at` the keys below the validated field to point at.
    """
    refuse_each([Violation(message, hint, at)])


def refuse_each(complaints: Sequence[Violation]) -> Never:
    """Refuse a value for several reasons at once, so that a user sees all of them."""
    message = "; ".join(complaint.message for complaint in complaints)
    raise PydanticCustomError("refused", "{message}", {"message": message, "complaints": tuple(complaints)})
