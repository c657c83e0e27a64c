"""Writes what differs as Markdown for the comment of a pull request, which takes only so many characters."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from cli.differences.differing import Differing
from cli.differences.entries import Entry, entries, money, property_line, totals
from deployer.differences.difference import Danger, Difference, Grant

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
    if not difference:
        yield f"No change: {difference.unchanged} resources stay as they are."
        return
    yield "  \n".join([totals(difference), *money(found)])
    shown = list(entries(difference))
    yield from _sections([entry for entry in shown if entry.danger not in _FOLDED])
    yield from _tables(difference)
    yield from _sections([entry for entry in shown if entry.danger in _FOLDED])


def _sections(shown: Sequence[Entry]) -> Iterator[str]:
    for danger in Danger:
        lines = list(chain.from_iterable(_lines(entry) for entry in shown if entry.danger is danger))
        if lines and danger in _FOLDED:
            count = sum(entry.danger is danger for entry in shown)
            yield f"{_FOLD}<summary>{danger.value} ({count})</summary>\n"
            yield "\n".join(lines) + _END
        elif lines:
            yield "\n".join([f"**{danger.value}**", "", *lines])


def _lines(entry: Entry) -> Iterator[str]:
    yield f"- {entry.title}{f': {entry.consequence}' if entry.consequence else ''}"
    yield from (f"  - {_code(property_line(change))}" for change in entry.properties)
    yield from (f"  - because of {_code(cause)}" for cause in entry.causes)


def _tables(difference: Difference) -> Iterator[str]:
    if difference.granted or difference.revoked:
        rows = [*_rights("may now", difference.granted), *_rights("may no more", difference.revoked)]
        yield _table(("Permissions", "who", "what", "on"), rows)
    if difference.opened or difference.closed:
        opened = [("opened", port.source, port.target, port.ports) for port in difference.opened]
        closed = [("closed", port.source, port.target, port.ports) for port in difference.closed]
        yield _table(("Ports", "from", "to", "ports"), [*opened, *closed])


def _rights(words: str, rights: Iterable[Grant]) -> Iterator[tuple[str, ...]]:
    for right in rights:
        denied = "" if right.effect == "Allow" else "is denied "
        yield words, right.who, f"{denied}{', '.join(right.actions)}", f"{right.resource} {right.condition}".strip()


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([row[0], *map(_code, row[1:])] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _code(text: str) -> str:
    """Return text that Markdown shows as it is: a value of a template may hold any character."""
    plain = " ".join(text.replace("|", "\\|").split())
    fence = "``" if "`" in plain else "`"
    return f"{fence}{plain}{fence}" if fence == "`" else f"{fence} {plain} {fence}"
