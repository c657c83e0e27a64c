"""Hints are changes that the YAML allows, each priced by what it really makes."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.cost.costing import bill_of
from cli.cost.savings import Savings, savings
from spec.environment import Environment
from spec.reading.load import parse

ROOT = Path(__file__).parents[3]


def _document(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((ROOT / "env.example.yaml").read_text())
    return {**document, **changes}


def _read(document: dict[str, Any]) -> Environment:
    return parse(yaml.safe_dump(document), "env.yaml")


def _of(document: dict[str, Any]) -> Savings:
    env = _read(document)
    return savings(env, document, bill_of(env).monthly)


def _monthly(**changes: Any) -> float:
    return bill_of(_read(_document(**changes))).monthly


def test_each_saving_is_priced_by_compiling_it() -> None:
    """The amount is the difference to the bill of the changed YAML, not a figure that somebody typed."""
    found = {saving.change: saving.saves for saving in _of(_document()).each}
    before = _monthly()
    assert found["fargate.capacity: spot"] == pytest.approx(before - _monthly(fargate={"capacity": "spot"}))
    assert found["fargate.architecture: arm64"] == pytest.approx(before - _monthly(fargate={"architecture": "arm64"}))
    closed = {"web": {"load_balancer": "none"}, "network": {"mode": "public"}}
    assert found["web.load_balancer: none"] == pytest.approx(before - _monthly(**closed))
    office = {"schedule": {"on": "08:00-18:00 Mon-Fri", "timezone": "UTC"}}
    assert found['schedule.on: "08:00-18:00 Mon-Fri"'] == pytest.approx(before - _monthly(**office))


def test_the_largest_saving_comes_first() -> None:
    """And all of it together costs less than the best alone, but not as little as their sum would say."""
    found = _of(_document())
    saves = [saving.saves for saving in found.each]
    assert saves == sorted(saves, reverse=True)
    assert _monthly() - sum(saves) < found.monthly < _monthly() - saves[0]


def test_a_cheap_environment_has_no_savings() -> None:
    """An environment with every saving gets no hint."""
    cheap = _document(
        fargate={"capacity": "spot", "architecture": "arm64"},
        database={"kind": "container", "engine": "postgres", "version": "15"},
        web={"load_balancer": "none"},
        network={"mode": "public"},
        schedule={"on": "09:00-17:00 Mon-Fri", "timezone": "UTC"},
    )
    found = _of(cheap)
    assert found == Savings((), bill_of(_read(cheap)).monthly)


def test_a_protected_environment_keeps_its_database_and_capacity() -> None:
    """Production gets hints about its architecture, not about Spot, nights off, or a database without backups."""
    assert [saving.change for saving in _of(_document(protect=True)).each] == ["fargate.architecture: arm64"]


def test_a_change_that_the_yaml_refuses_is_no_saving() -> None:
    """A site with a domain of its own needs its load balancer."""
    web = {"domain": "airflow.example.com", "hosted_zone": "Z0123456789ABC"}
    assert "web.load_balancer: none" not in {saving.change for saving in _of(_document(web=web)).each}
