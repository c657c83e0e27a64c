"""Measures Windsock against the tools that it builds on, and writes docs/benchmarks.md."""

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.life import life
from benchmarks.pairs import Command, Pair, compare

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PAGE = ROOT / "docs" / "benchmarks.md"
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
    arguments.add_argument(
        "--no-life",
        action="store_true",
        help="leave out the rehearsals, as root always does: PostgreSQL refuses it",
    )
    options = arguments.parse_args()
    rows = list(_start_up())
    lives = [] if options.no_life or os.geteuid() == 0 else list(life(ROOT / "env.example.yaml"))
    page = _page(rows, lives)
    print(page)
    PAGE.write_text(page)


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


def _page(rows: list[Row], lives: list[str]) -> str:
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
    return "\n".join([*lines, "", *lives]).rstrip() + "\n"


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
