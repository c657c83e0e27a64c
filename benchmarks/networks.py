"""Prices the same environment in each mode of its network, and models how long AWS takes to create it.

python -m benchmarks.networks    # writes docs/network-figures.md
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from benchmarks.variants import EXAMPLES, OFFICE, Document, read
from cli.cost.costing import bill_of
from compiler.compile import compile_environment
from deployer.durations.creation import BEST, MIDDLE, WORST, creation
from pricing.table import price_table
from spec.environment import Environment
from spec.reading.load import parse

PAGE = Path(__file__).parents[1] / "docs" / "network-figures.md"
EXAMPLE = EXAMPLES / "private-network.yaml"
MODES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "public": {"mode": "public"},
        "private, nat: one": {"mode": "private", "nat": "one"},
        "private, nat: per_zone": {"mode": "private", "nat": "per_zone"},
        "endpoints": {"mode": "endpoints"},
        "shared": {"mode": "shared", "file": "network.yaml"},
        "existing": {**read(EXAMPLES / "existing-network.yaml")["network"]},
    }
)


def page() -> str:
    """Return the page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    table = price_table()
    yield "# Modes of the network, in figures"
    yield ""
    yield f"Written by `python -m benchmarks.networks`: `{EXAMPLE.name}` in each [`network.mode`](network.md)."
    yield f"*A month* is in USD by AWS's list prices of {table.region} as of {table.date}, without the network that is"
    yield "shared, which `windsock network cost` prices, and without one of yours. The minutes of a first deploy are"
    yield "[a model](creation.md): at best, in the middle, at worst."
    yield ""
    yield "| `network.mode` | a month | more than `public` | first deploy, minutes |"
    yield "|---|---|---|---|"
    environments = {name: _with(network) for name, network in MODES.items()}
    public = bill_of(environments["public"]).monthly
    for name, env in environments.items():
        monthly, templates = bill_of(env).monthly, compile_environment(env)
        minutes = " / ".join(f"{creation(templates, slowness).minutes:.0f}" for slowness in (BEST, MIDDLE, WORST))
        yield f"| `{name}` | {monthly:.2f} | {monthly - public:+.2f} | {minutes} |"


def _with(network: Mapping[str, Any]) -> Environment:
    """Return the example with another network."""
    document: Document = {**read(EXAMPLE), "network": {**network, "allowed_cidrs": OFFICE}}
    return parse(yaml.safe_dump(document, sort_keys=False), EXAMPLE.name, EXAMPLES / "shared-network")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
