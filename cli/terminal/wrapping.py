"""Breaks lines between words, so that a narrow terminal does not break them within one."""

import os
import textwrap
from collections.abc import Mapping

_NARROWEST = 40
_STREAMS = (1, 2)


def terminal_width(variables: Mapping[str, str], otherwise: int) -> int:
    """Return how many columns the terminal has, which COLUMNS overrules; `otherwise` where there is no terminal."""
    if (wanted := variables.get("COLUMNS", "")).isdigit():
        return int(wanted)
    for stream in _STREAMS:
        try:
            return os.get_terminal_size(stream).columns or otherwise
        except (OSError, ValueError):
            continue  # this stream is no terminal
    return otherwise


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
