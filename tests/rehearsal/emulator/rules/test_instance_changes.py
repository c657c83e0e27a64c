"""The promises of rehearsal/emulator/rules/instance_changes.py."""

from typing import Any

import pytest

from rehearsal.emulator.rules.instance_changes import COMBINATION, STATE, refusal

INSTANCE: dict[str, Any] = {
    "DBInstanceIdentifier": "db-1",
    "DBInstanceStatus": "available",
    "Engine": "postgres",
    "EngineVersion": "16.4",
    "AllocatedStorage": 40,
}


@pytest.mark.parametrize("status", ["stopped", "stopping", "starting"])
def test_a_stopped_instance_cannot_be_modified(status: str) -> None:
    """Whatever is to change; the refusal names the instance and its status."""
    found = refusal({**INSTANCE, "DBInstanceStatus": status}, {"DeletionProtection": "false"})
    assert found == (STATE, f"Database instance is not in available state: db-1 is {status}.")


def test_a_new_major_version_needs_the_flag() -> None:
    """A minor one does not, and the first number is PostgreSQL's major version."""
    assert refusal(INSTANCE, {"EngineVersion": "17"}) == (
        COMBINATION,
        "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.",
    )
    assert refusal(INSTANCE, {"EngineVersion": "17", "AllowMajorVersionUpgrade": True}) is None
    assert refusal(INSTANCE, {"EngineVersion": "16"}) is None
    mysql = {**INSTANCE, "Engine": "mysql", "EngineVersion": "8.0.40"}
    assert refusal(mysql, {"EngineVersion": "8.4"}) is not None
    assert refusal(mysql, {"EngineVersion": "8.0.41"}) is None


def test_there_is_no_way_back() -> None:
    """Neither to an older version nor to less storage."""
    assert refusal(INSTANCE, {"EngineVersion": "15", "AllowMajorVersionUpgrade": True}) is not None
    assert refusal(INSTANCE, {"AllocatedStorage": "20"}) is not None
    assert refusal(INSTANCE, {"AllocatedStorage": "80"}) is None
