"""What parses DAG files reports a release, and nothing else may."""

import pytest

from compiler.contract import COMMAND, SCHEDULER, WORKER
from compiler.deliveries.reports import report_permissions
from tests.spec.minimal import PYTHON, minimal

THREE = 'version: 3.3.2, python: "3.12"'
TWO = 'version: 2.5.3, python: "3.10"'


@pytest.mark.parametrize(
    ("version", "source", "reports"),
    [(THREE, COMMAND, True), (THREE, SCHEDULER, False), (THREE, WORKER, False), (TWO, SCHEDULER, True)],
)
def test_only_what_parses_reports(version: str, source: str, *, reports: bool) -> None:
    """On Airflow 3 that is the DAG processor, which has the role of commands."""
    assert bool(list(report_permissions(minimal(f"version: 2.5.3, {PYTHON}", version), source))) is reports
