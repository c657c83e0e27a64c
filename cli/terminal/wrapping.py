"""Breaks lines between words, so that a narrow terminal does not break them within one."""

import textwrap

_NARROWEST = 40


def wrapped(text: str, width: int) -> str:
    """Return the text with lines of at most `width` columns; what goes on stands under the beginning of its line."""
    return "\n".join(_line(line, max(width, _NARROWEST)) for line in text.split("\n"))


def _line(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    indent = line[: len(line) - len(line.lstrip())][: width // 2]
    lines = textwrap.wrap(
        line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    )
    return "\n".join(lines) or line
