"""An environment YAML is compiled and priced without AWS."""

from pathlib import Path

import pytest

from cli.cost.costing import bill_of
from spec.reading.load import load

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("path", [ROOT / "env.example.yaml", *sorted((ROOT / "examples").glob("*.yaml"))], ids=str)
def test_every_example_has_a_bill(path: Path) -> None:
    """Every service and the database are in it, and nothing is missing that an example uses."""
    env = load(path)
    bill = bill_of(env)
    assert all("Insights" in missing.why for missing in bill.unpriced)
    fargate = [line for line in bill.lines if line.item.startswith("Fargate") and line.path.startswith("services/")]
    assert len(fargate) == len(env.processes)
    assert any(line.path.startswith("database/") for line in bill.lines)
