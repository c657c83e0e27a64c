"""What all sections of the YAML share, and how a validator refuses a value."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Never

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field
from pydantic_core import PydanticCustomError, core_schema


class Section(BaseModel):
    """A frozen mapping that refuses unknown keys; the docstring under a field is its documentation everywhere."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class Violation(NamedTuple):
    """One reason to refuse a value: what is wrong, what would be right, and the keys below the value to point at."""

    message: str
    hint: str = ""
    at: tuple[str | int, ...] = ()


def offered(values: Iterable[str | int]) -> Any:
    """Tell the JSON schema, and with it the editor, which values a validator accepts when the schema is made."""
    return Field(json_schema_extra=lambda schema: schema.update(enum=list(values)))


KIND_KEYS = ("kind", "mode", "when")
"""The keys that say of which kind a section is."""


def by_kind(default: str, *, key: str = KIND_KEYS[0]) -> Discriminator:
    """Choose the class of a section by one of `KIND_KEYS`; a section without that key is of the kind `default`."""

    def kind_of(value: Any) -> str | None:
        kind = value.get(key, default) if isinstance(value, dict) else getattr(value, key, None)
        return kind if isinstance(kind, str) else None

    return Discriminator(kind_of)


def refuse(message: str, *, hint: str = "", at: tuple[str | int, ...] = ()) -> Never:
    """Refuse a value from inside a validator.

    `message` says what is wrong, `hint` what would be right, `at` the keys below the validated field to point at.
    """
    raise _refusal(Violation(message, hint, at))


def refuse_any(violations: Iterable[Violation]) -> None:
    """Refuse a value for all of these reasons at once, so that a user sees every one; without reasons it stands."""
    if found := tuple(violations):
        raise _refusal(*found)


@dataclass(frozen=True, kw_only=True)
class Matching:
    """Refuses text that a pattern does not match as a whole; the JSON schema knows the pattern, and so the editor.

    `fault` is what is wrong with another text, after the text itself; `hint` is what would be right.
    """

    pattern: str
    fault: str
    hint: str

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        """Check text as `handler` does, then by the pattern."""
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        """Describe text with the pattern."""
        return {**handler(schema), "pattern": f"^({self.pattern})$"}

    def _check(self, value: str) -> str:
        if not re.fullmatch(self.pattern, value):
            refuse(f"{value!r} {self.fault}", hint=self.hint)
        return value


def _refusal(*violations: Violation) -> PydanticCustomError:
    message = "; ".join(violation.message for violation in violations)
    return PydanticCustomError("refused", "{message}", {"message": message, "violations": violations})


def _each_once(value: tuple[str, ...]) -> tuple[str, ...]:
    refuse_any(
        Violation(f"{each} is named twice", "remove one of the two", (index,))
        for index, each in enumerate(value)
        if each in value[:index]
    )
    return value


EACH_ONCE = AfterValidator(_each_once)
"""Refuses a list that names something twice, at its second place."""
