"""Lines are broken between words."""

from cli.terminal.wrapping import terminal_width, wrapped

LONG = "a" * 50


def test_a_long_line_is_broken_between_words() -> None:
    """What goes on stands under its beginning; short lines and empty ones stay."""
    text = f"first\n\n  {'word ' * 12}end"
    lines = wrapped(text, 40).split("\n")
    assert lines[:2] == ["first", ""]
    assert all(len(line) <= 40 and line.startswith("  word") for line in lines[2:])
    assert " ".join(" ".join(lines[2:]).split()) == f"{'word ' * 12}end"


def test_a_word_that_is_too_long_stays_whole() -> None:
    """A path that is copied from the screen still works; nothing is narrower than a few words."""
    assert wrapped(f"see {LONG}", 40) == f"see\n{LONG}"
    assert wrapped("one two three four", 1) == "one two three four"


def test_the_width_is_that_of_the_terminal_unless_it_is_given() -> None:
    """These tests have no terminal."""
    assert terminal_width({"COLUMNS": "72"}, 80) == 72
    assert terminal_width({"COLUMNS": "wide"}, 80) == terminal_width({}, 80)
