"""Ruff's own rules for Airflow 3 look at the code."""

from pathlib import Path

import pytest

from cli.upgrading.air_rules import RuffRefusal, air_findings
from spec.releases.table import RELEASES

OLD = """
from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG("old", schedule_interval="@daily") as dag:
    BashOperator(task_id="x", bash_command="echo {{ ds }}")
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Make a home with a DAG of Airflow 2."""
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "old.py").write_text(OLD)
    return tmp_path


def test_what_airflow_3_removed_is_found_with_file_and_line(home: Path) -> None:
    """What it only moved is told apart."""
    found = tuple(air_findings(home, RELEASES["3.3.2"]))
    assert {(finding.rule, finding.line, finding.must) for finding in found} >= {
        ("AIR301", 5, True),
        ("AIR312", 6, False),
    }
    assert {finding.file for finding in found} == {str(home / "dags" / "old.py")}


def test_an_older_target_has_no_such_rules(home: Path) -> None:
    """Airflow 2 takes all of it."""
    assert tuple(air_findings(home, RELEASES["2.11.2"])) == ()


def test_a_home_without_code_has_nothing_to_look_at(tmp_path: Path) -> None:
    """Ruff would look at the folder in which it stands."""
    assert tuple(air_findings(tmp_path, RELEASES["3.3.2"], search_path="/nowhere")) == ()


def test_without_ruff_the_extra_is_named(home: Path) -> None:
    """It is not installed with Windsock."""
    with pytest.raises(RuffRefusal, match="There is no ruff") as refusal:
        tuple(air_findings(home, RELEASES["3.3.2"], search_path="/nowhere"))
    assert "windsock[upgrade]" in refusal.value.next_step


def test_a_ruff_that_fails_says_why(home: Path, tmp_path: Path) -> None:
    """In its own words."""
    program = tmp_path / "bin" / "ruff"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho no such rule >&2\nexit 2\n")
    program.chmod(0o755)
    with pytest.raises(RuffRefusal, match="cannot look") as refusal:
        tuple(air_findings(home, RELEASES["3.3.2"], search_path=str(program.parent)))
    assert refusal.value.why == "no such rule"
