"""Writes what a compile finds as SARIF, so that a pull request shows it at the lines of the YAML.

Source: "Static Analysis Results Interchange Format (SARIF) Version 2.1.0",
https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from cli.compiling.linting import LintFinding
from cli.terminal.version import VERSION
from spec.errors import Fault, Refusal, SpecRefusal
from spec.reading.load import text_of
from spec.reading.positioned_yaml import Document, Place, read

Level = Literal["error", "warning", "note"]
_LEVELS: dict[str, Level] = {"error": "error", "warning": "warning", "info": "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_RULES = {
    "yaml": "The environment YAML cannot be used as it is.",
    "notice": "Nothing is wrong, but its author should know.",
    "refused": "Windsock cannot go on.",
}
_DOTTED = re.compile(r"[a-z_]+(?:\.[A-Za-z_]+)+")
_AT_LINE = re.compile(r"^(?P<file>[^\s:]+\.\w+):(?P<line>\d+):", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Result:
    """One result: what was found by which rule, and where; line 1 stands for a file as a whole."""

    rule: str
    level: Level
    message: str
    file: str
    line: int = 1
    column: int = 1
    related: str = ""
    related_line: int = 1


def sarif(results: Iterable[Result]) -> str:
    """Return one run of Windsock with its results, as the text of a file."""
    found = list(results)
    rules = sorted({result.rule for result in found})
    driver = {
        "name": "Windsock",
        "version": VERSION,
        "rules": [{"id": rule, "shortDescription": {"text": _RULES.get(rule, f"Rule {rule}.")}} for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(result, rules.index(result.rule)) for result in found],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def of_refusal(refusal: Refusal, yaml: str) -> Iterator[Result]:
    """Yield the mistakes of a YAML, each at its place; any other refusal belongs to the file as a whole."""
    if isinstance(refusal, SpecRefusal):
        yield from map(_of_fault, refusal.faults)
    else:
        yield Result(rule="refused", level="error", message=str(refusal), file=yaml)


def of_notices(yaml: str, notices: Sequence[str]) -> Iterator[Result]:
    """Yield the warnings of an environment, each at the key that it names or, in code, at its line."""
    document = read(text_of(Path(yaml)), yaml) if notices else Document(file=yaml)
    for notice in notices:
        place = _place(notice, document)
        result = Result(rule="notice", level="warning", message=notice.removeprefix(f"{yaml}: "), file=yaml)
        if place is None and (found := _AT_LINE.search(notice)):
            yield Result(**{**vars(result), "file": found["file"], "line": int(found["line"])})
        elif place is None:
            yield result
        else:
            yield Result(**{**vars(result), "line": place.line, "column": place.column})


def of_lint(finding: LintFinding) -> Result:
    """Return what lint found in a template: a review happens at the YAML, and the template is named beside it."""
    return Result(
        rule=finding.finding.rule,
        level=_LEVELS[finding.finding.severity],
        message=f"{finding.finding.file}: {finding.finding.message}",
        file=finding.yaml,
        related=finding.file,
        related_line=finding.finding.line,
    )


def _of_fault(fault: Fault) -> Result:
    subject = f"{fault.path}: {fault.message}" if fault.path else fault.message
    message = f"{subject}\n{fault.hint}" if fault.hint else subject
    line, column = max(fault.line, 1), max(fault.column, 1)
    return Result(rule="yaml", level="error", message=message, file=fault.file, line=line, column=column)


def _place(notice: str, document: Document) -> Place | None:
    """Return the place of the first key of the YAML that a notice names."""
    for words in _DOTTED.findall(notice):
        path: tuple[str, ...] = tuple(words.split("."))
        if path in document.keys:
            return document.keys[path]
    return None


def _result(result: Result, index: int) -> dict[str, Any]:
    located = {"ruleId": result.rule, "ruleIndex": index, "level": result.level, "message": {"text": result.message}}
    place = _location(result.file, result.line, result.column)
    if not result.related:
        return {**located, "locations": [place]}
    beside = {**_location(result.related, result.related_line, 1), "id": 1, "message": {"text": "The template."}}
    return {**located, "locations": [place], "relatedLocations": [beside]}


def _location(file: str, line: int, column: int) -> dict[str, Any]:
    region = {"startLine": line, "startColumn": column}
    artifact = {"uri": _uri(file), "uriBaseId": "%SRCROOT%"}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}


def _uri(file: str) -> str:
    """Return a path below the current folder, as a checkout has it."""
    return Path(os.path.relpath(file)).as_posix()
