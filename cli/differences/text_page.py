"""Writes what differs for a terminal: the dangerous first, each with the line of the YAML that brings it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from cli.differences.differing import Differing
from cli.differences.entries import Entry, entries, money, property_line, totals
from cli.terminal.screen import columns
from deployer.differences.difference import Danger, Difference, Grant, Port

_SAFE = frozenset({Danger.CHANGED, Danger.ADDED, Danger.REMOVED})


def text_page(found: Differing) -> str:
    """Return the page, without a line break at its end."""
    if not found.difference:
        return f"{found.environment} is as in {found.old}: {found.difference.unchanged} resources, no change."
    return "\n\n".join([f"{found.environment}, compared with {found.old}", *blocks(found)])


def blocks(found: Differing) -> Iterator[str]:
    """Yield the parts of the page: what is dangerous, rights and ports, what is not, and the sums."""
    shown = list(entries(found.difference))
    yield from _sections([entry for entry in shown if entry.danger not in _SAFE])
    yield from _rights(found.difference)
    yield from _ports(found.difference)
    yield from _sections([entry for entry in shown if entry.danger in _SAFE])
    yield "\n".join([totals(found.difference), *money(found)])


def _sections(shown: Sequence[Entry]) -> Iterator[str]:
    for danger in Danger:
        if lines := list(chain.from_iterable(_lines(each) for each in shown if each.danger is danger)):
            yield "\n".join([danger.value, *lines])


def _lines(entry: Entry) -> Iterator[str]:
    yield f"  {entry.title}"
    if entry.consequence:
        yield f"      {entry.consequence}"
    yield from (f"      {property_line(change)}" for change in entry.properties)
    yield from (f"      because of {cause}" for cause in entry.causes)


def _rights(difference: Difference) -> Iterator[str]:
    if difference.granted or difference.revoked:
        rows = [*_right_rows("may now", difference.granted), *_right_rows("may no more", difference.revoked)]
        yield "\n".join(["Permissions", *_indented(columns([("", "WHO", "WHAT", "ON"), *rows]))])


def _right_rows(words: str, rights: Iterable[Grant]) -> Iterator[tuple[str, str, str, str]]:
    for right in rights:
        denied = "" if right.effect == "Allow" else "is denied "
        where = f"{right.resource}, with a condition" if right.condition else right.resource
        yield words, right.who, f"{denied}{', '.join(right.actions)}", where


def _ports(difference: Difference) -> Iterator[str]:
    if difference.opened or difference.closed:
        rows = [*_port_rows("opened", difference.opened), *_port_rows("closed", difference.closed)]
        yield "\n".join(["Ports", *_indented(columns([("", "FROM", "TO", "PORTS"), *rows]))])


def _port_rows(words: str, ports: Iterable[Port]) -> Iterator[tuple[str, str, str, str]]:
    yield from ((words, port.source, port.target, port.ports) for port in ports)


def _indented(text: str) -> list[str]:
    return [f"  {line}" for line in text.splitlines()]
