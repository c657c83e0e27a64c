"""The manners all sections of the YAML share, and the one way a validator says no."""

from collections.abc import Iterable
from typing import Any, Never

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError


class Section(BaseModel):
    """A frozen mapping that refuses unknown keys; the docstring under a field is its documentation everywhere."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


def offered(values: Iterable[str | int]) -> Any:
    """Tell the JSON schema, and with it the editor, which values a validator accepts."""
    return Field(json_schema_extra={"enum": list(values)})


def refuse(message: str, *, hint: str = "", at: tuple[str | int, ...] = ()) -> Never:
    """Refuse a value from inside a validator.

    `message` says what is wrong, `hint` what would be right, `at` the keys below the validated field to point at.
    """
    raise PydanticCustomError("refused", "{message}", {"message": message, "hint": hint, "at": at})
