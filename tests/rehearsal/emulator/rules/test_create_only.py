"""The promises of rehearsal/emulator/rules/create_only.py."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from rehearsal.emulator.rules.create_only import FILE, NAMES, recreation, refusal

ROOT = Path(__file__).parents[4]
REGION = "us-west-2"
TYPE = re.compile(r"^ +Type: (AWS::\w+::\w+)$", re.MULTILINE)


def _types() -> list[str]:
    """Return the types of all templates that this repository compiles."""
    files = [*ROOT.glob("templates_out/*/*.yaml"), *ROOT.glob("examples/templates_out/*/*.yaml")]
    files += ROOT.glob("tests/golden/templates/*/expected/*.yaml")
    found = {kind for file in files for kind in TYPE.findall(file.read_text(encoding="utf-8"))}
    return sorted((found | NAMES.keys()) - {"AWS::CloudFormation::Stack"})


def _properties(kind: str, part: str) -> list[str]:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind).schema
    return sorted({path.split("/")[2] for path in schema.get(part, ())})


def test_the_table_says_what_the_registry_schemas_say(golden: Callable[[Path, str], None]) -> None:
    """Of every type that a template here has."""
    table = {
        kind: {
            "always": _properties(kind, "createOnlyProperties"),
            "sometimes": _properties(kind, "conditionalCreateOnlyProperties"),
        }
        for kind in _types()
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
