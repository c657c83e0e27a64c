"""Measures Windsock against what it stands on and writes docs/benchmarks.md."""

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.life import life
from benchmarks.pairs import Command, Pair, compare

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PAGE = ROOT / "docs" / "benchmarks.md"
IMPORTS = "import troposphere, pydantic, yaml"


def main() -> None:
    """Measure, print and write the page."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    arguments.add_argument("--no-life", action="store_true", help="leave out the rehearsals, which take minutes")
    options = arguments.parse_args()
    rows = list(_start_up())
    lives = [] if options.no_life else list(life(ROOT / "env.example.yaml"))
    page = _page(rows, lives)
    print(page)
    if not options.no_life:
        PAGE.write_text(page)


def _start_up() -> Iterator[tuple[str, str, str, Pair]]:
    with _cache() as (env, cache):
        windsock, python = str(BIN / "windsock"), sys.executable
        compiled = [str(path) for path in sorted((ROOT / "templates_out" / "demo").glob("*.yaml"))]
        lint = Command([str(BIN / "cfn-lint"), "--regions", "us-west-2", "--", *compiled], env)
        compile_ = [windsock, "compile", "env.example.yaml"]

        def forget() -> None:
            shutil.rmtree(cache, ignore_errors=True)

        yield (
            "`compile --no-lint`",
            f"`python -c '{IMPORTS}'`",
            "1.3",
            compare(Command([*compile_, "--no-lint"], env), Command([python, "-c", IMPORTS], env)),
        )
        yield (
            "`compile`, lint cold",
            "`cfn-lint` on the same files",
            "1.3",
            compare(Command(compile_, env, forget), lint),
        )
        yield (
            "`compile`, nothing changed",
            "`cfn-lint` on the same files",
            "0.05",
            compare(Command(compile_, env), lint),
        )
        bare = Command([python, "-c", "pass"], env)
        yield "`windsock --help`", "`python -c pass`", "4", compare(Command([windsock, "--help"], env), bare, runs=15)


@contextmanager
def _cache() -> Iterator[tuple[dict[str, str], Path]]:
    with tempfile.TemporaryDirectory() as folder:
        yield {**os.environ, "WINDSOCK_CACHE": folder}, Path(folder)


def _page(rows: list[tuple[str, str, str, Pair]], lives: list[str]) -> str:
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
        f"| {ours} | {theirs} | **{pair.ratio:.2f}** | {aim} | {pair.ours.cpu:.3f} | {pair.theirs.cpu:.3f} "
        f"| {pair.ours.peak:.0f} | {pair.theirs.peak:.0f} |"
        for ours, theirs, aim, pair in rows
    ]
    return "\n".join([*lines, "", *lives]).rstrip() + "\n"


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
