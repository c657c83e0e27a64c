"""Writes what differs for a terminal: the dangerous first, each with the line of the YAML that brings it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby

from cli.differences.differing import Differing
from cli.differences.entries import Entry, entries, money, port_lines, right_lines, totals
from cli.differences.hand_page import TITLE, hand_lines
from deployer.differences.by_hand import ChangeByHand
from deployer.differences.difference import Danger

_SAFE = frozenset({Danger.CHANGED, Danger.ADDED, Danger.REMOVED})


def text_page(found: Differing) -> str:
    """Return the page, without a line break at its end."""
    title, by_hand = f"{found.environment}, compared with {found.old}", tuple(hand_section(found.by_hand))
    if not found.difference:
        same = f"{title}: no change in {found.difference.unchanged} resources."
        return "\n\n".join([same, *by_hand])
    return "\n\n".join([title, *by_hand, *blocks(found)])


def hand_section(changes: Iterable[ChangeByHand]) -> Iterator[str]:
    """Yield what people changed by hand, if they did."""
    yield from _section(TITLE, hand_lines(changes))


def blocks(found: Differing) -> Iterator[str]:
    """Yield the parts of the page: what is dangerous, rights and ports, what is not, and the sums."""
    shown = list(entries(found.difference))
    yield from _sections([entry for entry in shown if entry.danger not in _SAFE])
    yield from _section("Permissions", right_lines(found.difference))
    yield from _section("Ports", port_lines(found.difference))
    yield from _sections([entry for entry in shown if entry.danger in _SAFE])
    yield "\n".join([totals(found.difference), *money(found)])


def _sections(shown: Sequence[Entry]) -> Iterator[str]:
    for danger, alike in groupby(shown, key=lambda entry: entry.danger):
        yield "\n".join([danger.value, *chain.from_iterable(map(_lines, alike))])


def _lines(entry: Entry) -> Iterator[str]:
    yield f"  {entry.title}"
    if entry.consequence:
        yield f"      {entry.consequence}"
    yield from (f"      {line}" for line in entry.lines)


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    if found := [f"  {line}" for line in lines]:
        yield "\n".join([title, *found])
