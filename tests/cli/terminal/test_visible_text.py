"""What visitors, DAGs and files write does not steer the terminal of whoever reads it."""

import json

import pytest

from cli.terminal.visible_text import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[2Jb", "a\\u001b[2Jb"),
        ("a\x9b31mb", "a\\u009b31mb"),
        ("a\u202egnp.exe", "a\\u202egnp.exe"),
        ("a\rb\x07", "a\\u000db\\u0007"),
        ("Zo\u00eb\tsays\nhello \u05e9\u05dc", "Zo\u00eb\tsays\nhello \u05e9\u05dc"),
    ],
)
def test_characters_that_steer_are_escapes(text: str, shown: str) -> None:
    """Letters of every language, tabs and line feeds stay."""
    assert visible(text) == shown


def test_json_says_the_same_after_it() -> None:
    """The escapes are those of JSON."""
    assert json.loads(visible(json.dumps({"a": "\x9b\u202e"}, ensure_ascii=False))) == {"a": "\x9b\u202e"}
