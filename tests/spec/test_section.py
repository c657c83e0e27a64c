"""A validator refuses a value for one reason or for several."""

import pytest
from pydantic import ValidationError, field_validator

from spec.section import Section, Violation, refuse, refuse_any


class Example(Section):
    """A section with a validator that always refuses."""

    one: str = ""
    """Refused for one reason."""

    many: str = ""
    """Refused for two."""

    @field_validator("one")
    @classmethod
    def _one(cls, _value: str) -> str:
        refuse("no {braces}", hint="yes", at=("x",))

    @field_validator("many")
    @classmethod
    def _many(cls, value: str) -> str:
        refuse_any([Violation("first"), Violation("second", "cure", (0,))])
        return value


def test_every_violation_arrives_with_the_error() -> None:
    """Message, hint and place of every reason arrive; braces in them are only text."""
    with pytest.raises(ValidationError) as caught:
        Example(one="a", many="b")
    one, many = caught.value.errors()
    assert one["msg"] == "no {braces}"
    assert one["ctx"]["violations"] == (Violation("no {braces}", "yes", ("x",)),)
    assert [violation.message for violation in many["ctx"]["violations"]] == ["first", "second"]
