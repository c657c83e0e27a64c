"""Measures Windsock against the tools that it builds on, and writes docs/benchmarks.md."""

import argparse
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.calls import calls
from benchmarks.earlier import earlier
from benchmarks.life import life
from benchmarks.pairs import Command, Pair, compare

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PAGE = ROOT / "docs" / "benchmarks.md"
SECTIONS = {
    "commands": "# Benchmarks",
    "life": "## A rehearsal",
    "calls": "## Calls to AWS",
    "earlier": "## Then and now",
}
"""How each section begins, in the order of the page."""
IMPORTS = "import troposphere, pydantic, yaml"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table: the two commands, the ratio to aim at, and the measured pair."""

    ours: str
    theirs: str
    aim: str
    pair: Pair


def main() -> None:
    """Measure, print and write the page."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    arguments.add_argument("--only", choices=SECTIONS, help="measure one section, and keep the rest of the page")
    arguments.add_argument(
        "--earlier", type=Path, help="an older checkout with its .venv, to rehearse in turn with this"
    )
    options = arguments.parse_args()
    sections = sections_of(PAGE.read_text(encoding="utf-8"))
    for name in (options.only,) if options.only else SECTIONS:
        if lines := list(_measure(name, options.earlier)):
            sections[name] = "\n".join(lines).rstrip() + "\n"
    page = "\n".join(sections[name] for name in SECTIONS if name in sections)
    print(page)
    PAGE.write_text(page, encoding="utf-8")


def _measure(section: str, older: Path | None) -> Iterator[str]:
    """Measure a section; nothing where this machine or the command line does not allow it."""
    environment = "env.example.yaml"
    if section == "commands":
        yield from _page(list(_start_up()))
    elif section == "life" and os.geteuid():  # by hand, PostgreSQL refuses root
        yield from life(ROOT / environment)
    elif section == "calls":
        yield from calls(ROOT / environment)
    elif section == "earlier" and older:
        yield from earlier(environment, ROOT, older.resolve())


def sections_of(page: str) -> dict[str, str]:
    """Return the sections that the page has, by name."""
    found = [part.rstrip() + "\n" for part in re.split(r"(?=^## )", page, flags=re.MULTILINE)]
    return {name: part for part in found for name, begins in SECTIONS.items() if part.startswith(begins)}


def _start_up() -> Iterator[Row]:
    with _cache() as (env, cache):
        windsock, python = str(BIN / "windsock"), sys.executable
        compiled = [str(path) for path in sorted((ROOT / "templates_out" / "demo").glob("*.yaml"))]
        compile_ = [windsock, "compile", "env.example.yaml"]

        def forget() -> None:
            shutil.rmtree(cache, ignore_errors=True)

        imports = Command([python, "-c", IMPORTS], env)
        lint = Command(
            [str(BIN / "cfn-lint"), "--regions", "us-west-2", "--ignore-checks", "W3691", "--", *compiled], env
        )
        bare = Command([python, "-c", "pass"], env)
        rows = (
            ("`compile --no-lint`, cold", [*compile_, "--no-lint"], forget, f"`python -c '{IMPORTS}'`", imports, "1.3"),
            ("`compile --no-lint`, unchanged", [*compile_, "--no-lint"], None, "the same imports", imports, "1.3"),
            ("`compile`, lint cold", compile_, forget, "`cfn-lint` on the same files", lint, "1.3"),
            ("`compile`, unchanged", compile_, None, "`cfn-lint` on the same files", lint, "0.05"),
            ("`windsock --help`", [windsock, "--help"], None, "`python -c pass`", bare, "4"),
        )
        for label, argv, before, against, theirs, aim in rows:
            yield Row(ours=label, theirs=against, aim=aim, pair=compare(Command(argv, env, before), theirs))


@contextmanager
def _cache() -> Iterator[tuple[dict[str, str], Path]]:
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:
        yield {**variables, "WINDSOCK_CACHE": folder}, Path(folder)


def _page(rows: list[Row]) -> Sequence[str]:
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`. Two commands run in turn on one machine; the ratio is the median of the pairwise",
        "ratios of CPU seconds (user and system). Absolute times belong to the machine, ratios to Windsock.",
        "",
        f"Python {platform.python_version()}, {os.cpu_count()} processors.",
        "",
        "| Windsock | against | ratio | aim, at most | CPU s | against | peak MiB | against |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.ours} | {row.theirs} | **{row.pair.ratio:.2f}** | {row.aim} | {row.pair.ours.cpu:.3f} "
        f"| {row.pair.theirs.cpu:.3f} | {row.pair.ours.peak:.0f} | {row.pair.theirs.peak:.0f} |"
        for row in rows
    ]
    return lines


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
