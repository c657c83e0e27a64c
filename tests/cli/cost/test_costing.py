"""An environment YAML is compiled and priced without AWS."""

from pathlib import Path

import pytest

from cli.cost.costing import bill_of
from spec.reading.load import load
from tests.spec.minimal import minimal

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


def test_each_task_of_a_process_is_paid() -> None:
    """Three schedulers cost three times as much as one."""
    yaml = "services: {{scheduler: {{cpu: 1024, memory: 2048, count: {}}}}}\n"
    one, three = (
        sum(line.hourly for line in bill_of(minimal(more=yaml.format(count))).lines if "vCPU" in line.item)
        for count in (1, 3)
    )
    web = sum(
        line.hourly for line in bill_of(minimal()).lines if "WebserverService" in line.path and "vCPU" in line.item
    )
    assert three - web == pytest.approx(3 * (one - web))
