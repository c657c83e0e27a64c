"""A validator refuses a value for one reason or for several."""

import re
from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError, field_validator

from spec.section import Matching, Section, Violation, refuse, refuse_any


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


def test_text_that_does_not_match_as_a_whole_is_refused_and_the_schema_has_the_pattern() -> None:
    """A pattern with two branches is tried as a whole in both places."""
    text = TypeAdapter(Annotated[str, Matching(pattern="a|b+", fault="is no letter", hint="such as b")])
    assert text.validate_python("bb") == "bb"
    for other in ("ab", "bb\n", ""):
        with pytest.raises(ValidationError, match="is no letter") as refused:
            text.validate_python(other)
        assert [each.hint for each in refused.value.errors()[0]["ctx"]["violations"]] == ["such as b"]
    assert re.search(text.json_schema()["pattern"], "b")
    assert not re.search(text.json_schema()["pattern"], "ab")
