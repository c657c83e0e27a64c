"""Writes what differs as Markdown for the comment of a pull request, which takes only so many characters."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby

from cli.differences.differing import Differing
from cli.differences.entries import Entry, entries, money, port_lines, right_lines, totals
from cli.differences.hand_page import TITLE, hand_lines
from deployer.differences.difference import Danger

LIMIT = 60_000
"""Characters. GitHub takes 65,536 in a comment, and whoever posts it may add words of their own."""

_FOLDED = frozenset({Danger.CHANGED, Danger.ADDED, Danger.REMOVED})
_FOLD, _END = "<details>", "\n\n</details>"
_CUT = "\n\nThe rest does not fit here: `windsock diff` prints all of it.\n"


def markdown_page(found: Differing) -> str:
    """Return the page; when it is too long, its end is left out, where the least dangerous stands."""
    page = "\n\n".join([f"### {found.environment}, compared with {found.old}", *_blocks(found)])
    if len(page) <= LIMIT:
        return page
    cut = page[: page.rindex("\n", 0, LIMIT - len(_END) - len(_CUT))]
    return f"{cut}{_END if cut.count(_FOLD) > cut.count(_END) else ''}{_CUT}"


def _blocks(found: Differing) -> Iterator[str]:
    difference = found.difference
    yield from _list(TITLE, hand_lines(found.by_hand))
    if not difference:
        yield f"No change: {difference.unchanged} resources stay as they are."
        return
    yield "  \n".join([totals(difference), *money(found)])
    shown = list(entries(difference))
    yield from _sections([entry for entry in shown if entry.danger not in _FOLDED])
    yield from _list("Permissions", right_lines(difference))
    yield from _list("Ports", port_lines(difference))
    yield from _sections([entry for entry in shown if entry.danger in _FOLDED])


def _sections(shown: Sequence[Entry]) -> Iterator[str]:
    for danger, group in groupby(shown, key=lambda entry: entry.danger):
        alike = list(group)
        lines = chain.from_iterable(map(_lines, alike))
        if danger in _FOLDED:
            yield f"{_FOLD}<summary>{danger.value} ({len(alike)})</summary>\n"
            yield "\n".join(lines) + _END
        else:
            yield "\n".join([f"**{danger.value}**", "", *lines])


def _lines(entry: Entry) -> Iterator[str]:
    yield f"- {entry.title}{f': {entry.consequence}' if entry.consequence else ''}"
    yield from (f"  - {_code(line)}" for line in entry.lines)


def _list(title: str, lines: Iterable[str]) -> Iterator[str]:
    if found := [f"- {_code(line)}" for line in lines]:
        yield "\n".join([f"**{title}**", "", *found])


def _code(text: str) -> str:
    """Return text that Markdown shows as it is: a value of a template may hold any character."""
    plain = " ".join(text.split())
    fence = "``" if "`" in plain else "`"
    return f"{fence}{plain}{fence}" if fence == "`" else f"{fence} {plain} {fence}"
