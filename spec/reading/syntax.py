"""Turns the syntax errors of libyaml into sentences that say what to change."""

import yaml

from spec.errors import Fault

_UNCLOSED = ("while parsing a flow mapping", "while parsing a flow sequence", "while scanning a quoted scalar")

_WORDS = {
    "mapping values are not allowed in this context": (
        "a colon cannot stand here",
        "put the value in quotes if the colon belongs to it, or indent the key with spaces below its section",
    ),
    "but found another document": (
        "a second document starts here",
        "keep one environment per file and remove this line",
    ),
    "could not find expected ':'": ("this key has no value", "write it as `key: value`"),
    "found unknown escape character": (
        "a backslash in double quotes starts an escape, and this one does not exist",
        "use single quotes, or write \\\\ for one backslash",
    ),
    "did not find expected '-' indicator": ("this line does not fit the list above it", "indent it with spaces"),
    "did not find expected key": (
        "this line does not fit the lines above it",
        "give keys of one section the same number of spaces, and close every quote above",
    ),
}


def syntax_fault(error: yaml.MarkedYAMLError, text: str, file: str) -> Fault:
    """Return an error of libyaml as a fault of `file`."""
    unclosed = error.context in _UNCLOSED and error.problem != "found unknown escape character"
    mark = (error.context_mark if unclosed else None) or error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.splitlines()
    written = lines[line].strip() if line < len(lines) else ""
    character = lines[line][column : column + 1] if line < len(lines) else ""
    message, hint = _unclosed(character) if unclosed else _words(error.problem or "", character)
    return Fault(file=file, line=line + 1, column=column + 1, text=written, message=message, hint=hint)


def _unclosed(character: str) -> tuple[str, str]:
    return f"what {character} opens is not closed properly", "close it, and separate what is inside with commas"


def _words(problem: str, character: str) -> tuple[str, str]:
    if "cannot start any token" in problem and character == "\t":
        return "a tab cannot indent YAML", "indent with spaces"
    if "cannot start any token" in problem:
        return f"{character} cannot start a value", "put the value in quotes"
    if problem in _WORDS:
        return _WORDS[problem]
    return problem or "this is not YAML", "check indentation and quotes here"
