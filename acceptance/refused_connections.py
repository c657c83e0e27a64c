"""Says which security group rule was missing where the embedded AWS dropped a connection."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from compiler.connections import connections, groups
from compiler.model import stack_values as values
from compiler.model.connection import INTERNET, Connection, Direction
from compiler.model.template_set import TemplateSet
from rehearsal.emulator.rules.refusals import Kind, Refusal, read
from spec.environment import Environment

REASON = re.compile(r"no (?P<direction>egress|ingress) rule lets (?P<flow>.+) from (?P<source>.+) to (?P<target>.+)")
MOST_LINES = 8


def explain(env: Environment, templates: TemplateSet, directory: Path) -> tuple[str, ...]:
    """Return one line for each different connection that the emulator of a directory dropped, the newest last."""
    dropped = [refusal for refusal in read(directory) if refusal.kind is Kind.CONNECTION]
    lines = (_line(env, templates, refusal) for refusal in dropped)
    return tuple(dict.fromkeys(lines))[-MOST_LINES:]


def _line(env: Environment, templates: TemplateSet, refusal: Refusal) -> str:
    told = REASON.fullmatch(refusal.reason)
    if told is None:
        return f"{_kind(refusal.who)} -> {_kind(refusal.resource)} {refusal.what} was dropped: {refusal.reason}"
    source, target = (_end(env, told[end]) for end in ("source", "target"))
    direction: Direction = "egress" if told["direction"] == "egress" else "ingress"
    missing = _missing(env, templates, direction, (source, target, told["flow"]))
    return f"{source} -> {target} {told['flow']} was dropped: {missing}"


def _missing(env: Environment, templates: TemplateSet, direction: Direction, wanted: tuple[str, str, str]) -> str:
    """Name the rule that lets a connection through, or say that the templates have none."""
    for connection in connections(env):
        logical_id = connection.rule_ids.get(direction)
        if logical_id and _lets(connection, *wanted):
            return (
                f"{logical_id} ({_file(templates.files, logical_id)}) lets it through, and the group does not have it"
            )
    group, end = (wanted[0], "out of") if direction == "egress" else (wanted[1], "into")
    return f"no rule lets it {end} {group}"


def _lets(connection: Connection, source: str, target: str, flow: str) -> bool:
    ends = (
        values.noun(connection.source),
        INTERNET if connection.target == INTERNET else values.noun(connection.target),
    )
    return ends == (source, target) and connection.port in (None, _port(flow))


def _port(flow: str) -> int | None:
    number = flow.rpartition(" ")[2]
    return int(number) if number.isdigit() else None


def _end(env: Environment, words: str) -> str:
    """Name an end as sentences do: by the process, or what else has the security group."""
    for name in groups(env):
        if f"-{values.security_group_of(name).title} (sg-" in words:
            return values.noun(name)
    return INTERNET if words == "the internet" else words


def _kind(owner: str) -> str:
    """Leave out which task or load balancer it is: its name tells nobody anything."""
    kind, _, identity = owner.rpartition(" ")
    return kind if kind in {"task", "load balancer"} else identity if not kind else owner


def _file(files: Mapping[str, str], logical_id: str) -> str:
    return next(_names_with(files, logical_id), "no template")


def _names_with(files: Mapping[str, str], logical_id: str) -> Iterator[str]:
    return (name for name, text in files.items() if f"\n  {logical_id}:\n" in text)
