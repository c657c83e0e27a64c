"""docs/troubleshooting.md has every failure that Windsock explains, in the words of the code that raises it."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "troubleshooting.md"
FLOORS = ("spec", "compiler", "deployer", "rehearsal", "acceptance", "cli")
WORDS = ("what", "why", "next_step")

TITLES = {
    "spec": "The environment YAML",
    "compiler": "Compiling",
    "deployer": "Deploying, pushing, taking down",
    "rehearsal": "The embedded AWS on this machine",
    "acceptance": "A rehearsal",
    "cli": "The command line",
}

HEAD = """\
# Troubleshooting

What Windsock says when it cannot go on, and what to do. Each line is the text of the program, collected from its code:
`…` stands for a name, a path or a number of yours. Mistakes in the YAML are told with line, column and what would be
right; they are not repeated here.

When something on AWS does not become healthy, `windsock diagnose` says why and
[which line to change](diagnosis.md); `windsock logs --level error` has what the processes said. For a rehearsal,
`windsock rehearse --keep` leaves it running after a failure; then `windsock open` and `windsock shell` look inside.
"""

FEWEST_WORDS = 3
"""A text with fewer words of its own says nothing without what it is about."""


@dataclass(frozen=True, order=True, kw_only=True)
class Failure:
    """What a user reads: what happened, and what to do."""

    floor: str
    what: str
    why: str
    next_step: str


def _failures() -> Iterator[Failure]:
    for floor in FLOORS:
        for file in sorted((ROOT / floor).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _name(node.func).endswith(("Refusal", "Failure")):
                    what, why, next_step = (_text(_argument(node, position)) for position in range(len(WORDS)))
                    if len([word for word in what.split() if word.isalpha()]) >= FEWEST_WORDS:
                        yield Failure(floor=floor, what=what, why=why, next_step=next_step)


def _argument(call: ast.Call, position: int) -> ast.expr | None:
    """Return one of the three texts, wherever the call has it."""
    named = next((keyword.value for keyword in call.keywords if keyword.arg == WORDS[position]), None)
    return call.args[position] if position < len(call.args) else named


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else ""


def _text(node: ast.expr | None) -> str:
    """Return a text of the code as somebody reads it; what is known only at run time is left open."""
    if node is None:
        return ""
    if isinstance(node, ast.Constant):
        return " ".join(str(node.value).split())
    if isinstance(node, ast.JoinedStr):
        return " ".join("".join(_part(part) for part in node.values).split())
    return "…"


def _part(part: ast.expr) -> str:
    return str(part.value) if isinstance(part, ast.Constant) else "…"


def _page(failures: Iterator[Failure]) -> str:
    lines, floor = [HEAD], ""
    for failure in sorted(set(failures)):
        if failure.floor != floor:
            floor = failure.floor
            lines.append(f"## {TITLES[floor]}\n\n| it says | what to do |\n|---|---|")
        says = f"**{_cell(failure.what)}** {_cell(failure.why) if failure.why.strip('… .') else ''}".strip()
        lines.append(f"| {says} | {_cell(failure.next_step) if failure.next_step.strip('… .') else ''} |")
    return "\n".join(lines).replace("|\n## ", "|\n\n## ") + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def test_every_failure_is_on_the_page(golden: Callable[[Path, str], None]) -> None:
    """So that somebody who searches for the words of a message finds what to do."""
    golden(PAGE, _page(_failures()))
