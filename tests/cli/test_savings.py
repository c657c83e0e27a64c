"""Hints are changes that the YAML allows, each priced by what it really makes."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.costing import bill_of
from cli.savings import Savings, savings
from spec.environment import Environment
from spec.load import parse

ROOT = Path(__file__).parents[2]


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


def test_each_is_priced_by_what_it_makes() -> None:
    """The amount is the difference to the bill of the changed YAML, not a figure that somebody typed."""
    found = {saving.change: saving.saves for saving in _of(_document()).each}
    office = {"schedule": {"on": "08:00-18:00 Mon-Fri", "timezone": "UTC"}}
    assert found['schedule.on: "08:00-18:00 Mon-Fri"'] == pytest.approx(_monthly() - _monthly(**office))


def test_what_is_cheap_already_gets_no_hint() -> None:
    """An environment that has office hours is not told of others."""
    changes = {
        saving.change for saving in _of(_document(schedule={"on": "09:00-17:00 Mon-Fri", "timezone": "UTC"})).each
    }
    assert not any(change.startswith("schedule") for change in changes)


def test_what_is_protected_stays_on_its_feet() -> None:
    """Production is not told of nights without it."""
    changes = {saving.change for saving in _of(_document(protect=True)).each}
    assert changes <= {"fargate.architecture: arm64"}


def test_what_the_yaml_would_refuse_is_no_hint() -> None:
    """A site with a domain of its own needs its load balancer."""
    web = {"domain": "airflow.example.com", "hosted_zone": "Z0123456789ABC"}
    assert "web.load_balancer: none" not in {saving.change for saving in _of(_document(web=web)).each}
