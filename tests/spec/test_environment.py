"""The models accept what is sound and know which processes run."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from spec.environment import Environment
from spec.reading.field_docs import field_docs
from spec.reading.load import load, parse
from spec.sections.database import Rds

ROOT = Path(__file__).parents[2]
EXAMPLE = (ROOT / "env.example.yaml").read_text()


def test_optional_process_runs_when_named() -> None:
    """A triggerer of 2.x runs when the YAML names it, and only then."""
    without = parse(EXAMPLE, "env.yaml")
    named = parse(EXAMPLE.replace("services:\n", "services:\n  triggerer: {cpu: 256, memory: 512}\n"), "env.yaml")
    assert [process.name for process in without.processes] == ["webserver", "scheduler"]
    assert [process.name for process in named.processes] == ["webserver", "scheduler", "triggerer"]


def test_release_decides_the_other_processes() -> None:
    """Airflow 3 runs four processes, and those that the YAML does not name have a size."""
    environment = load(ROOT / "examples" / "airflow-3.yaml")
    assert [process.name for process in environment.processes] == [
        "webserver",
        "scheduler",
        "dag_processor",
        "triggerer",
    ]
    assert all(environment.size(process).memory for process in environment.processes)


def test_defaults_are_the_documented_ones() -> None:
    """A minimal environment is the small cluster of the documentation."""
    text = (
        'name: a\naws: {account: "123456789012", region: us-west-2}\n'
        'airflow: {version: 2.5.3, python: "3.10"}\nnetwork: {allowed_cidrs: [203.0.113.0/24]}\n'
    )
    environment = parse(text, "env.yaml")
    assert isinstance(environment.database, Rds)
    assert environment.database.storage_gb == 20
    assert environment.logs.retention_days == 30
    assert environment.protect is False


def test_environment_is_frozen() -> None:
    """Nobody can change an environment after it was checked."""
    environment = parse(EXAMPLE, "env.yaml")
    with pytest.raises(ValidationError, match="frozen"):
        environment.name = "other"  # type: ignore[misc]  # the promise under test


def test_every_field_has_a_docstring() -> None:
    """The docstring under a field is its documentation everywhere, so every field has one."""
    assert all(field_docs(Environment)[name] for name in Environment.model_fields)
