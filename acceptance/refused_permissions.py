"""Says which statement was missing where the embedded AWS refused a call."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from compiler.model.template_set import TemplateSet
from rehearsal.emulator.rules.refusals import Kind, Refusal, read

MOST_LINES = 8

_ROLE = re.compile(r":assumed-role/(?:.*-)?(?P<role>\w*Role)-[0-9A-Za-z]+/")
"""The session of a role that CloudFormation has named after its logical id."""


def explain(templates: TemplateSet, directory: Path) -> tuple[str, ...]:
    """Return one line for each different call that the emulator of a directory refused, the newest last."""
    refused = [refusal for refusal in read(directory) if refusal.kind is Kind.PERMISSION]
    return tuple(dict.fromkeys(_line(templates.files, refusal) for refusal in refused))[-MOST_LINES:]


def _line(files: Mapping[str, str], refusal: Refusal) -> str:
    statement = json.dumps({"Effect": "Allow", "Action": refusal.what, "Resource": refusal.resource})
    missing = "a statement denies it" if "explicit deny" in refusal.reason else f"the statement would be {statement}"
    return f"{_who(files, refusal.who)} may not call {refusal.what} on {refusal.resource}: {missing}"


def _who(files: Mapping[str, str], arn: str) -> str:
    """Name a role by its logical id and the template that has it."""
    match = _ROLE.search(arn)
    if match is None:
        return arn
    file = next((name for name, text in files.items() if f"\n  {match['role']}:\n" in text), "no template")
    return f"{match['role']} ({file})"
