"""The page that adds up what the other pages of this folder say, by example."""

import re
from collections.abc import Sequence

from tests.life.enforcement.pages import FOLDER, totals

FILE = FOLDER / "index.md"
COLUMNS = (
    *("rules tried", "noticed", "unused"),
    *("statements tried", "noticed", "explained", "unused"),
    *("actions of policies", "used"),
    *("endpoints tried", "noticed"),
    *("routes tried", "noticed"),
)
PAGE = """# What a rehearsal enforces, in figures

Counted from the pages that the table links. `make endurance` compares those with what it sees, in a running rehearsal.
[security.md](../security.md) says how a rehearsal enforces rules and statements,
[permissions.md](../permissions.md) how the policies come about.

| example | {columns} |
|---|{lines}|
{rows}

Each rule of a security group, each statement of a role, each endpoint and each route was taken away alone.

- *Noticed*: something failed. *Explained*: nothing failed, and the page says why it stays.
- *Unused*: the rehearsal itself did without it.
- *Endpoints*: those of the VPC, where tasks reach AWS by nothing else. *Routes*: one example of each `network.mode`.
- *Actions of policies*: those of `windsock policy`, and how many of them a whole life used.
- What is newer than its page is marked there as not tried yet. Of that, this table counts only actions.
- A figure that is missing has no page yet.

What each container can reach in AWS with its own role: {escalations}.
What checkov finds: [by example](checkov.md).

## Rules of AWS that a rehearsal enforces

Besides security groups and permissions; every one names the page of AWS or the public issue that it is from.

| what | how many |
|---|---|
{sources}
"""
SOURCES = (
    ("quotas", "limits.md", "Quotas"),
    ("lengths", "limits.md", "Lengths"),
    ("rules and manners", "limits.md", "Rules"),
    ("faults of a plain MiniStack that a rehearsal corrects: CloudFormation", "emulator.md", "CloudFormation"),
    ("the same: Amazon ECS", "emulator.md", "Amazon ECS"),
    ("the same: other services", "emulator.md", "Other services"),
)
"""What is counted: in which page, below which heading."""
PAGES = ("", "-permissions", "-policies", "-endpoints", "-routes")
"""How the names of an example's pages end."""
FIRST_COLUMNS = (0, 3, 7, 9, 11)
"""Where the first figure of each of these pages stands."""
MISSING = "-"
Figures = tuple[int | None, ...]
_USED = re.compile(r"^(?P<used>\d+) of (?P<all>\d+) actions were used", re.MULTILINE)


def render(names: Sequence[str]) -> str:
    """Return the page about some examples, by the pages that there are."""
    figures = {name: of_example(name) for name in names}
    rows = [_row(name, _linked(name, its)) for name, its in figures.items()]
    rows.append(_row("all", [str(number) for number in added(tuple(figures.values()))]))
    reached = (f"[{name}]({name}-escalation.md)" for name in names if _page(f"{name}-escalation"))
    return PAGE.format(
        columns=" | ".join(COLUMNS),
        lines="|".join("---" for _ in COLUMNS),
        rows="\n".join(rows),
        escalations=", ".join(reached),
        sources="\n".join(
            f"| {what}: [{page}](../{page}) | {len(rows_below(page, heading))} |" for what, page, heading in SOURCES
        ),
    )


def rows_below(page: str, heading: str) -> Sequence[str]:
    """Return the rows of the table below a heading of a page, without the head of the table."""
    text = (FOLDER.parent / page).read_text(encoding="utf-8")
    section = re.split(r"^#+ ", text.partition(f"# {heading}\n")[2], flags=re.MULTILINE)[0]
    return [line for line in section.splitlines() if line.startswith("| ")][1:]


def of_example(name: str) -> Figures:
    """Return the figures of an example, column by column; None where it has no such page."""
    rules, permissions, policies, endpoints, routes = (_page(f"{name}{page}") for page in PAGES)
    ways = (*_rules(endpoints)[:2], *_rules(routes)[:2])
    return (*_rules(rules), *_statements(permissions), *actions(policies), *ways)


def added(every: Sequence[Figures]) -> Sequence[int]:
    """Add up what there is."""
    return [sum(number or 0 for number in column) for column in zip(*every, strict=True)]


def actions(page: str) -> Figures:
    """Return how many actions a page of policies counts, and how many of them were used."""
    found = _USED.search(page)
    return (int(found["all"]), int(found["used"])) if found else (None, None)


def _rules(page: str) -> Figures:
    found = totals([page])
    return (found.tried, found.noticed, found.unused) if page else (None, None, None)


def _statements(page: str) -> Figures:
    found = totals([page])
    explained = found.tried - found.noticed
    return (found.tried, found.noticed, explained, found.unused) if page else (None, None, None, None)


def _linked(name: str, figures: Figures) -> Sequence[str]:
    """Return the cells of an example; the first figure of each page links it."""
    links = {column: f"{name}{page}" for column, page in zip(FIRST_COLUMNS, PAGES, strict=True)}
    cells = [MISSING if number is None else str(number) for number in figures]
    return [f"[{cell}]({links[at]}.md)" if at in links and cell != MISSING else cell for at, cell in enumerate(cells)]


def _row(name: str, cells: Sequence[str]) -> str:
    return f"| {name} | {' | '.join(cells)} |"


def _page(name: str) -> str:
    file = FOLDER / f"{name}.md"
    return file.read_text(encoding="utf-8") if file.exists() else ""
