"""Recognises causes by what AWS or a process said: a table of patterns, one row for each cause."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from deployer.diagnosis.cause import Cause, Look
from deployer.diagnosis.evidence import Evidence, Source, Statement

_CREDENTIALS = re.compile(r"(://[^:/@\s]*:)[^@\s]+@")
"""A password in an address, which no page shows."""
_MOST_SHOWN = 3
"""So many statements show a cause; more say the same."""
_UNSAID = "…"
"""Stands for a part of a statement that AWS has left out."""
_LONGEST = 300
"""Characters of a statement around what was recognised."""


@dataclass(frozen=True, kw_only=True)
class Sign:
    """One row: what is said where, and the cause that it shows.

    `what`, `next_step` and `key` may have `{about}`, which is who said it, and the named groups of the pattern. With
    `although_well` it counts also when nothing else is wrong.
    """

    name: str
    sources: frozenset[Source]
    pattern: str
    what: str
    next_step: str
    key: str = ""
    file: str = ""
    although_well: bool = False


def looks(signs: Iterable[Sign]) -> tuple[Look, ...]:
    """Return what looks for each of some signs, in their order."""
    return tuple(_look(sign, re.compile(sign.pattern, re.DOTALL)) for sign in signs)


def _look(sign: Sign, pattern: re.Pattern[str]) -> Look:
    def look(evidence: Evidence) -> Iterator[Cause]:
        if not (evidence.troubled or sign.although_well):
            return
        found = [
            (statement, match)
            for statement in evidence.statements
            if statement.source in sign.sources and (match := pattern.search(statement.text))
        ]
        if found:
            yield _cause(sign, found, evidence)

    return look


def _cause(sign: Sign, found: list[tuple[Statement, re.Match[str]]], evidence: Evidence) -> Cause:
    statement, match = found[0]
    said = match.groupdict()
    words = {"about": statement.about, **{name: text or _UNSAID for name, text in said.items()}}
    place = {"home": evidence.env.airflow.home, **{name: text or "" for name, text in said.items()}}
    shown = dict.fromkeys(f"{one.source.value}, {one.about}: {_excerpt(one.text, seen)}" for one, seen in found)
    return Cause(
        name=sign.name,
        what=sign.what.format(**words),
        next_step=sign.next_step.format(**words),
        shown_by=tuple(shown)[:_MOST_SHOWN],
        key=_path(sign.key, words),
        file=sign.file.format(**place).rstrip(":/"),
    )


def _path(key: str, words: Mapping[str, str]) -> tuple[str, ...]:
    """Return the path of a key in the YAML; `{size}` stands for the section with the size of who said it."""
    about = words["about"].replace("-", "_")
    size = {"worker": "workers", "database": "database"}.get(about, f"services.{about}")
    return tuple(key.format(**{**words, "size": size}).split(".")) if key else ()


def _excerpt(text: str, match: re.Match[str]) -> str:
    """Return the line of what was recognised, cut where it is long."""
    start = text.rfind("\n", 0, match.start()) + 1
    end = text.find("\n", match.end())
    line = _CREDENTIALS.sub(r"\1…@", text[start : end if end >= 0 else len(text)].strip())
    if len(line) <= _LONGEST:
        return line
    before = max(match.start() - start - _LONGEST // 3, 0)
    return f"{'…' if before else ''}{line[before : before + _LONGEST]}…"
