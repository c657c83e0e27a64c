"""The table of what must not be replaced fits CloudFormation's registry and the compiled stacks."""

from functools import cache
from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from deployer.stacks.stateful_types import STATEFUL, CreateOnly

TYPES = pytest.mark.parametrize("type_", STATEFUL)
BY_HAND = {"AWS::SecretsManager::Secret": {"GenerateSecretString"}}
"""What the table adds to the registry, each with its reason beside it."""

LEFT_OUT = {
    "AWS::RDS::DBInstance": {
        "AutoMinorVersionUpgrade",
        "BackupRetentionPeriod",
        "DBParameterGroupName",
        "MultiAZ",
        "PerformanceInsightsKMSKeyId",
        "PreferredMaintenanceWindow",
    }
}
"""What the registry lists for cases that no plain instance has."""


@TYPES
def test_create_only_is_what_the_registry_says(type_: str) -> None:
    """Every property of which the registry says that a change replaces the resource, and no other."""
    assert set(STATEFUL[type_].always) - BY_HAND.get(type_, set()) == _listed(type_, "createOnlyProperties")


@TYPES
def test_sometimes_is_what_the_registry_says(type_: str) -> None:
    """What may replace it, apart from the cases that are named here with their type."""
    conditional = _listed(type_, "conditionalCreateOnlyProperties")
    assert STATEFUL[type_].sometimes | LEFT_OUT.get(type_, set()) == conditional


@TYPES
def test_no_property_is_in_both(type_: str) -> None:
    """A change replaces it or may replace it."""
    row: CreateOnly = STATEFUL[type_]
    assert not row.always & row.sometimes


def _listed(type_: str, key: str) -> set[str]:
    return {path.split("/")[2] for path in _schema(type_).get(key, [])}


@cache
def _schema(type_: str) -> dict[str, Any]:
    schema: dict[str, Any] = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-west-2", type_).schema
    return schema
