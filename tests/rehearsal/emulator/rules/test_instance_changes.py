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


def test_a_new_major_version_needs_a_parameter_group_of_its_family() -> None:
    """The present group and a new one are judged alike; one that is not known here is no matter."""
    families = {"old": "postgres16", "new": "postgres17"}
    instance = {**INSTANCE, "DBParameterGroups": [{"DBParameterGroupName": "old"}]}
    up = {"EngineVersion": "17", "AllowMajorVersionUpgrade": "true"}
    found = refusal(instance, up, families)
    assert found is not None
    assert found[0] == COMBINATION
    assert found[1].startswith("The Parameter Group old with DBParameterGroupFamily postgres16 cannot be used")
    assert refusal(instance, {**up, "DBParameterGroupName": "new"}, families) is None
    assert refusal(instance, {**up, "DBParameterGroupName": "default.postgres17"}, families) is None
    assert refusal(instance, {"DBParameterGroupName": "new"}, families) is not None


def test_there_is_no_way_back() -> None:
    """Neither to an older version nor to less storage."""
    assert refusal(INSTANCE, {"EngineVersion": "15", "AllowMajorVersionUpgrade": True}) is not None
    assert refusal(INSTANCE, {"AllocatedStorage": "20"}) is not None
    assert refusal(INSTANCE, {"AllocatedStorage": "80"}) is None
