"""Writes into the `database` section of a YAML what another instance begins with, and which one it follows."""

import re
from collections.abc import Mapping
from typing import Any

from deployer.restore import Deployed
from spec.environment import Environment
from spec.errors import Refusal, SpecRefusal
from spec.reading.load import parse
from spec.reading.positioned_yaml import read
from spec.sections.database import Rds

_SECTION, _RESTORE, _FORMER = "database", "restore_from", "former"
_ORIGIN = ("snapshot", "instance", "time")
_SECRETS = ("fernet_seed", "admin_password")

Lines = Mapping[str, Mapping[str, str | int]]
"""The sections of `database` to be written, with their keys."""


class UnwritableYaml(Refusal):
    """The text of the YAML is laid out so that nothing can be put into it."""


def origin_lines(database: Rds, deployed: Deployed, time: str) -> Lines:
    """Return the two sections for an instance that follows the deployed one, which the YAML may have left already."""
    source = database.restore_from.model_dump(exclude_none=True) if database.restore_from else {}
    secrets = {name: source[name] for name in _SECRETS if name in source}
    restored = {"instance": deployed.instance, "time": time, "generation": deployed.generation + 1, **secrets}
    if database.generation > deployed.generation and database.former:
        former = database.former.model_dump(exclude_none=True)
    else:
        former = {name: source[name] for name in _ORIGIN if name in source}
    return {_RESTORE: restored, _FORMER: former}


def with_lines(text: str, file: str, env: Environment, lines: Lines) -> str:
    """Return the text with these sections below `database`, in the place of those that are there.

    Raises `UnwritableYaml` where the text would not say then what it is to say.
    """
    written = [f"{name}: {_flow(section)}" for name, section in lines.items()]
    changed = _changed(text, file, written)
    database = {**env.database.model_dump(exclude_unset=True), **lines}
    wanted = env.model_dump(exclude_unset=True) | {_SECTION: database}
    if changed is None or _said(changed, file) != wanted:
        raise UnwritableYaml(
            f"{file} is laid out in a way that leaves no place for the lines.",
            why="\n".join(written),
            next_step="Put them below database, each key on a line of its own, and run the same command again.",
        )
    return changed


def _said(text: str, file: str) -> Mapping[str, Any]:
    """Return what a text says; nothing where it cannot be read."""
    try:
        return parse(text, file).model_dump(exclude_unset=True)
    except SpecRefusal:
        return {}


def _changed(text: str, file: str, written: list[str]) -> str | None:
    document, lines = read(text, file), text.splitlines(keepends=True)
    section = document.keys.get((_SECTION,))
    if section is None:
        end = "" if text.endswith("\n") else "\n"
        return f"{text}{end}\n{_SECTION}:\n" + "".join(f"  {line}\n" for line in written)
    children = [place for path, place in document.keys.items() if len(path) == 2 and path[0] == _SECTION]  # noqa: PLR2004  # a key of the section
    if any(place.line == section.line for place in children):
        return _in_flow(lines, section.line - 1, written, replaces=bool(_present(document.keys)))
    indent = (children[0].column - 1) if children else 2
    gone = {number for name in _present(document.keys) for number in _block(lines, document.keys[_SECTION, name].line)}
    kept = [line for number, line in enumerate(lines, 1) if number not in gone]
    at = section.line
    return "".join([*kept[:at], *(f"{' ' * indent}{line}\n" for line in written), *kept[at:]])


def _in_flow(lines: list[str], at: int, written: list[str], *, replaces: bool) -> str | None:
    """Put them behind the brace of a section in one line; None where such a line has some of them already."""
    head, brace, rest = lines[at].partition("{")
    if replaces or not brace:
        return None
    return "".join([*lines[:at], f"{head}{{{', '.join(written)}, {rest}", *lines[at + 1 :]])


def _present(keys: Mapping[Any, Any]) -> list[str]:
    return [name for name in (_RESTORE, _FORMER) if (_SECTION, name) in keys]


def _block(lines: list[str], first: int) -> range:
    """Return the numbers of the lines of a key: its own, and those below that are further in."""
    column = len(lines[first - 1]) - len(lines[first - 1].lstrip())
    last = first
    for number, line in enumerate(lines[first:], first + 1):
        if line.strip() and len(line) - len(line.lstrip()) <= column:
            break
        last = number if line.strip() else last
    return range(first, last + 1)


def _flow(section: Mapping[str, str | int]) -> str:
    return "{" + ", ".join(f"{name}: {_scalar(value)}" for name, value in section.items()) + "}"


def _scalar(value: str | int) -> str:
    plain = isinstance(value, int) or re.fullmatch(r"[A-Za-z][\w-]*", value)
    return str(value) if plain else f'"{value}"'
