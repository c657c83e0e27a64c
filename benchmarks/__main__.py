"""Measures Windsock against the tools that it builds on, and writes docs/benchmarks.md."""

import argparse
import os
import platform
import re
import shlex
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
from benchmarks.many import many
from benchmarks.pairs import Command, Pair, compare, usual_variables

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
WINDSOCK = str(BIN / "windsock")
PAGE = ROOT / "docs" / "benchmarks.md"
SECTIONS = {
    "commands": "# Benchmarks",
    "many": "## 40 environments",
    "life": "## A rehearsal",
    "calls": "## Calls to AWS",
    "earlier": "## Then and now",
}
"""How each section begins, in the order of the page."""
IMPORTS = "import troposphere, pydantic, yaml"
OWN = "import cli.verbs.compile, compiler.compile, spec.reading.load"
"""What compiling imports: its libraries, and its own models of them."""


Variables = dict[str, str]
Measured = tuple[str, Command, str, Command, str]
"""What is measured, its command, against what, that command, and the ratio to aim at."""


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
    arguments.add_argument("--cdk", type=Path, help="a folder with an equivalent CDK app, installed and compiled")
    options = arguments.parse_args()
    sections = sections_of(PAGE.read_text(encoding="utf-8"))
    for name in (options.only,) if options.only else SECTIONS:
        if lines := list(_measure(name, options.earlier, options.cdk)):
            sections[name] = "\n".join(lines).rstrip() + "\n"
    page = "\n".join(sections[name] for name in SECTIONS if name in sections)
    print(page)
    PAGE.write_text(page, encoding="utf-8")


def _measure(section: str, older: Path | None, cdk: Path | None) -> Iterator[str]:
    """Measure a section; nothing where this machine or the command line does not allow it."""
    environment = "env.example.yaml"
    if section == "commands":
        yield from _page(list(_start_up(cdk)))
    elif section == "many":
        yield from many(ROOT / environment)
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


def _start_up(cdk: Path | None) -> Iterator[Row]:
    with _cache() as (env, cache):
        for label, ours, against, theirs, aim in (*_compiling(env, cache, cdk), *_linting(env, cache)):
            yield Row(ours=label, theirs=against, aim=aim, pair=compare(ours, theirs))


def _compiling(env: Variables, cache: Path, cdk: Path | None) -> Iterator[Measured]:
    """Yield what compiles without lint, and `--help`."""
    argv, python = [WINDSOCK, "compile", "env.example.yaml", "--no-lint"], sys.executable
    cold = "`compile --no-lint`, cold", Command(argv, env, lambda: shutil.rmtree(cache, ignore_errors=True))
    yield (*cold, f"`python -c '{OWN}'`", Command([python, "-c", OWN], env), "1.3")
    if cdk:
        yield (*cold, "`cdk synth` of a like stack", Command(_synth(cdk), env), "0.05")
    imports = Command([python, "-c", IMPORTS], env)
    yield "`compile --no-lint`, unchanged", Command(argv, env), f"`python -c '{IMPORTS}'`", imports, "1.3"
    bare = Command([python, "-c", "pass"], env)
    yield "`windsock --help`", Command([WINDSOCK, "--help"], env), "`python -c pass`", bare, "4"


def _linting(env: Variables, cache: Path) -> Iterator[Measured]:
    """Yield what compiles with lint."""
    argv, changed = [WINDSOCK, "compile", "env.example.yaml"], _Changed(cache.with_name("changed"))
    lint = "`cfn-lint` on the same files", Command(_lint(), env)
    cold = Command(argv, env, lambda: shutil.rmtree(cache, ignore_errors=True))
    yield ("`compile`, lint cold", cold, *lint, "1.3")
    yield ("`compile`, unchanged", Command(argv, env), *lint, "0.05")
    one = Command([WINDSOCK, "compile", str(changed.path)], env, changed.change)
    yield ("`compile`, one nested stack changed", one, *lint, "0.7")


def _lint() -> list[str]:
    compiled = [str(path) for path in sorted((ROOT / "templates_out" / "demo").glob("*.yaml"))]
    return [str(BIN / "cfn-lint"), "--regions", "us-west-2", "--ignore-checks", "W3691", "--", *compiled]


def _synth(cdk: Path) -> list[str]:
    return ["sh", "-c", f"cd {shlex.quote(str(cdk))} && exec node_modules/.bin/cdk synth -q"]


class _Changed:
    """An environment of its own whose database has another size at each measurement."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.path = folder / "env.yaml"
        self._text, self._size = (ROOT / "env.example.yaml").read_text(encoding="utf-8"), 20
        self.change()

    def change(self) -> None:
        """Change what one nested stack is compiled from."""
        self._size += 1
        text = self._text.replace("storage_gb: 20", f"storage_gb: {self._size}")
        self.path.write_text(text, encoding="utf-8")


@contextmanager
def _cache() -> Iterator[tuple[dict[str, str], Path]]:
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "cache"
        yield {**usual_variables(), "WINDSOCK_CACHE": str(cache)}, cache


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
        f"| {row.ours} | {row.theirs} | **{row.pair.ratio:.3f}** | {row.aim} | {row.pair.ours.cpu:.3f} "
        f"| {row.pair.theirs.cpu:.3f} | {row.pair.ours.peak:.0f} | {row.pair.theirs.peak:.0f} |"
        for row in rows
    ]
    return lines


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
