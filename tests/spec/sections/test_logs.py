"""Retention is one of CloudWatch's periods."""

import pytest

from spec.sections.logs import RETENTION_DAYS
from tests.spec.minimal import minimal, refused


@pytest.mark.parametrize("days", RETENTION_DAYS)
def test_every_offered_period_is_taken(days: int) -> None:
    """Every period of the table is taken."""
    assert minimal(more=f"logs: {{retention_days: {days}}}\n").logs.retention_days == days


def test_another_period_is_refused() -> None:
    """Another number is answered with the periods."""
    assert refused(more="logs: {retention_days: 31}\n").hint.startswith("valid: 1, 3, 5, 7")


def test_an_environment_that_deletes_itself_logs_no_accesses() -> None:
    """Nobody empties the bucket, and CloudFormation deletes no other."""
    fault = refused(more="ttl: 3d\nlogs: {access: true}\n")
    assert "nobody empties the bucket" in fault.message
    assert minimal(more="logs: {access: true}\n").logs.access
