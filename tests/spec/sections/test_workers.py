"""Workers are of a size that is sold, and run on some capacity."""

import pytest

from tests.spec.minimal import ECS, PYTHON, minimal, refused


def test_a_weight_of_0_leaves_a_capacity_out() -> None:
    """A mix names both capacities, each with its weight; a weight of 0 leaves one out."""
    mixed = minimal(
        PYTHON, ECS, more="workers: {cpu: 256, memory: 512, capacity: {on_demand: 1, spot: 3}}\n"
    ).workers_or_default
    assert mixed.capacity.weights == {"FARGATE": 1, "FARGATE_SPOT": 3}
    spot = minimal(
        PYTHON, ECS, more="workers: {cpu: 256, memory: 512, capacity: {on_demand: 0, spot: 1}}\n"
    ).workers_or_default
    assert spot.capacity.weights == {"FARGATE_SPOT": 1}


@pytest.mark.parametrize(
    ("section", "path"),
    [
        ("workers: {cpu: 256, memory: 512, capacity: {on_demand: 0}}", "workers.capacity"),
        ("workers: {cpu: 256, memory: 4096}", "workers.memory"),
        ("workers: {cpu: 256, memory: 512, policies: [ReadOnlyAccess]}", "workers.policies[0]"),
        ("logs: {remote: none}", "logs.remote"),
    ],
)
def test_what_workers_cannot_do_without_is_refused_at_its_place(section: str, path: str) -> None:
    """Workers need a capacity, an offered size, policies by ARN and a place for logs."""
    fault = refused(PYTHON, ECS, more=f"{section}\n")
    assert fault.path == path
    assert fault.hint
