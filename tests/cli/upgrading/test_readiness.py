"""YAML, code and requirements are looked at together, without AWS."""

from pathlib import Path

import pytest

from cli.upgrading.readiness import findings
from spec.reading.load import load
from spec.releases.table import RELEASES
from tests.deployer.fakes.environment import DATABASE, YAML


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Make a project of Airflow 2.5.3."""
    for folder in ("airflow_home/dags", "docker"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "docker/requirements.txt").write_text("apache-airflow\nsqlalchemy<2\n")
    (tmp_path / "airflow_home/dags/.airflowignore").write_text("scratch/.*\n")
    (tmp_path / "airflow_home/dags/one.py").write_text("from airflow import DAG\nDAG('x', schedule_interval=None)\n")
    (tmp_path / "env.yaml").write_text(YAML + DATABASE)
    return tmp_path / "env.yaml"


def _rules(path: Path, target: str) -> list[str]:
    return [finding.rule for finding in findings(path, load(path), RELEASES[target])]


def test_everything_is_found_at_once(path: Path) -> None:
    """So that one change of the code can mend it all."""
    rules = _rules(path, "3.3.2")
    assert rules[:3] == ["python", "delivery", "ignore"]
    assert "AIR301" in rules
    assert rules[-1] == "requirement"


def test_the_pins_are_those_of_the_target(path: Path) -> None:
    """What contradicts them names the line."""
    found = [finding for finding in findings(path, load(path), RELEASES["3.3.2"]) if finding.rule == "requirement"]
    assert [(Path(finding.file).name, finding.line) for finding in found] == [("requirements.txt", 2)]


def test_patterns_that_are_chosen_stay(path: Path) -> None:
    """The option says how they are meant."""
    text = path.read_text(encoding="utf-8").replace(
        "airflow: {", "airflow: {config: {core: {dag_ignore_file_syntax: regexp}}, "
    )
    path.write_text(text, encoding="utf-8")
    assert "ignore" not in _rules(path, "3.3.2")


def test_a_delivery_that_is_named_stays(path: Path) -> None:
    """The default differs between the releases."""
    path.write_text(f"{path.read_text(encoding='utf-8')}code: {{delivery: efs}}\n", encoding="utf-8")
    assert "delivery" not in _rules(path, "3.3.2")


def test_the_release_that_is_there_finds_nothing(path: Path) -> None:
    """All of it runs."""
    assert _rules(path, "2.5.3") == []
