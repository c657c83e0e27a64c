"""Prices the same environment in each mode of its network, models how long AWS takes to create it, and rehearses it.

python -m benchmarks.networks    # about ten minutes on a quiet machine; writes docs/network-figures.md
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from benchmarks.variants import EXAMPLES, NETWORK, OFFICE, Variant, read, rehearse
from cli.cost.costing import bill_of
from compiler.compile import compile_environment
from deployer.durations.creation import BEST, MIDDLE, WORST, creation
from pricing.table import price_table

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "network-figures.md"
EXAMPLE = EXAMPLES / "private-network.yaml"
MODES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "public": {"mode": "public"},
        "private, nat: one": {"mode": "private", "nat": "one"},
        "private, nat: per_zone": {"mode": "private", "nat": "per_zone"},
        "endpoints": {"mode": "endpoints"},
        "shared": {"mode": "shared", "file": NETWORK},
        "existing": {**read(EXAMPLES / "existing-network.yaml")["network"]},
    }
)
_ROW = re.compile(r"^\| `(?P<mode>[^`]+)` \|.*\| (?P<seconds>\d+) \|$", re.MULTILINE)


def page(seconds: Mapping[str, int]) -> str:
    """Return the page, with the seconds that a rehearsal in each mode takes."""
    return "\n".join(_lines(seconds)) + "\n"


def measured() -> Mapping[str, int]:
    """Return the seconds of each mode that the page has."""
    return {row["mode"]: int(row["seconds"]) for row in _ROW.finditer(PAGE.read_text(encoding="utf-8"))}


def main() -> None:
    """Rehearse each mode once after one that warms the caches, and write the page."""
    _rehearse("public")
    PAGE.write_text(page({mode: _rehearse(mode) for mode in MODES}), encoding="utf-8")


def _lines(seconds: Mapping[str, int]) -> Iterator[str]:
    table = price_table()
    yield "# Modes of the network, in figures"
    yield ""
    yield f"Written by `python -m benchmarks.networks`: `{EXAMPLE.name}` in each [`network.mode`](network.md)."
    yield f"*A month* is in USD by AWS's list prices of {table.region} as of {table.date}, without the network that is"
    yield "shared, which `windsock network cost` prices, and without one of yours. The minutes of a first deploy are"
    yield "[a model](creation.md): at best, in the middle, at worst. A [rehearsal](rehearsal.md) makes the network that"
    yield "the environment does not make itself, deploys, runs the sample DAGs and takes everything down; its seconds"
    yield "are those of one run, one mode after the other on one machine, environments already built."
    yield ""
    yield "| `network.mode` | a month | more than `public` | first deploy, minutes | rehearsal, seconds |"
    yield "|---|---|---|---|---|"
    environments = {mode: _variant(mode).env for mode in MODES}
    public = bill_of(environments["public"]).monthly
    for mode, env in environments.items():
        monthly, templates = bill_of(env).monthly, compile_environment(env)
        minutes = " / ".join(f"{creation(templates, slowness).minutes:.0f}" for slowness in (BEST, MIDDLE, WORST))
        yield f"| `{mode}` | {monthly:.2f} | {monthly - public:+.2f} | {minutes} | {seconds[mode]} |"


def _variant(mode: str) -> Variant:
    """Return the example with another network."""
    return Variant(mode, {**read(EXAMPLE), "network": {**MODES[mode], "allowed_cidrs": OFFICE}})


def _rehearse(mode: str) -> int:
    """Rehearse the example in a mode, and return the seconds."""
    seconds = int(rehearse(_variant(mode))["seconds"])
    print(f"{mode}: {seconds} s", flush=True)
    return seconds


if __name__ == "__main__":
    main()
