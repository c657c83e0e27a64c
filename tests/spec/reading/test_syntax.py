"""Text that is no YAML is refused at its place, with the correction."""

import pytest

from spec.errors import SpecRefusal
from spec.reading.positioned_yaml import read


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a:\n\tb: 1", 2, 1, "a tab cannot indent YAML"),
        ("a: @b", 1, 4, "@ cannot start a value"),
        ("a: b: c", 1, 5, "a colon cannot stand here"),
        ("a: [b\nc: d", 1, 4, "what [ opens is not closed"),
        ("a: 'b\n", 1, 4, "what ' opens is not closed"),
        ('a: "\\q"', 1, 5, "starts an escape"),
        ("a: 1\n---\nb: 2", 2, 1, "a second document starts here"),
        ("a: *b", 1, 4, "found undefined alias"),
        ("- a\nb: 2", 2, 1, "does not fit the list above"),
        ("a: 1\n b: 2\n", 2, 3, "a colon cannot stand here"),
    ],
)
def test_each_syntax_error_has_its_sentence_and_place(text: str, line: int, column: int, words: str) -> None:
    """Each common slip has its own sentence."""
    with pytest.raises(SpecRefusal) as caught:
        read(text, "x.yaml")
    (fault,) = caught.value.faults
    assert words in fault.message
    assert (fault.line, fault.column) == (line, column)
    assert fault.hint
