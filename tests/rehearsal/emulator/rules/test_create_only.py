"""The promises of rehearsal/emulator/rules/create_only.py."""

import json
from collections.abc import Callable
from pathlib import Path

from rehearsal.emulator.rules.create_only import FILE, NAMES, recreation, refusal
from tests.registry_schemas import listed_names, types_of_templates


def test_the_table_says_what_the_registry_schemas_say(golden: Callable[[Path, str], None]) -> None:
    """Of every type that a template here has."""
    table = {
        kind: {
            "always": sorted(listed_names(kind, "createOnlyProperties")),
            "sometimes": sorted(listed_names(kind, "conditionalCreateOnlyProperties")),
        }
        for kind in sorted(types_of_templates() | NAMES.keys())
    }
    golden(FILE, json.dumps(table, indent=2) + "\n")


def test_a_change_replaces_always_sometimes_or_never() -> None:
    """And of a type without a schema here nobody knows."""
    kind = "AWS::RDS::DBInstance"
    found = [recreation(kind, name) for name in ("DBName", "MultiAZ", "DeletionProtection")]
    assert found == ["Always", "Conditionally", "Never"]
    assert recreation("AWS::Unknown::Thing", "Name") is None


def test_a_resource_with_a_name_of_its_own_cannot_be_replaced() -> None:
    """CloudFormation would have two of that name for a while; without a name, or under a new one, it can."""
    role = {"RoleName": "mine", "Path": "/"}
    assert "Rename mine and update" in refusal("AWS::IAM::Role", role, {**role, "Path": "/other/"})
    assert refusal("AWS::IAM::Role", role, {**role, "Description": "new"}) == ""
    assert refusal("AWS::IAM::Role", role, {"RoleName": "other", "Path": "/other/"}) == ""
    assert refusal("AWS::IAM::Role", {"Path": "/"}, {"Path": "/other/"}) == ""
