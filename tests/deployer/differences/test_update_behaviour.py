"""The table of create-only properties fits CloudFormation's registry, and nested paths count."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from deployer.differences.difference import Effect
from deployer.differences.update_behaviour import FILE, effect

ROOT = Path(__file__).parents[3]
REGION = "us-west-2"
TYPE = re.compile(r"^ +Type: (AWS::\w+::\w+)$", re.MULTILINE)


def _types() -> list[str]:
    files = [*ROOT.glob("templates_out/*/*.yaml"), *ROOT.glob("examples/templates_out/*/*.yaml")]
    files += ROOT.glob("tests/golden/templates/*/expected/*.yaml")
    found = {kind for file in files for kind in TYPE.findall(file.read_text(encoding="utf-8"))}
    return sorted(found - {"AWS::CloudFormation::Stack"})


def _paths(kind: str, part: str) -> list[str]:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind).schema
    paths = (path.removeprefix("/properties/") for path in schema.get(part, ()))
    return sorted({path.replace("/*", "").replace("/", ".") for path in paths})


def test_the_table_says_what_the_registry_schemas_say(golden: Callable[[Path, str], None]) -> None:
    """Of every type that a template here has."""
    table = {
        kind: {
            "always": _paths(kind, "createOnlyProperties"),
            "sometimes": _paths(kind, "conditionalCreateOnlyProperties"),
        }
        for kind in _types()
    }
    golden(FILE, json.dumps(table, indent=2) + "\n")


@pytest.mark.parametrize(
    ("kind", "path", "expected"),
    [
        ("AWS::EC2::Subnet", "CidrBlock", Effect.REPLACE),
        ("AWS::ECS::Service", "Cluster", Effect.REPLACE),
        ("AWS::ECS::Service", "DesiredCount", Effect.IN_PLACE),
        ("AWS::ECS::TaskDefinition", "ContainerDefinitions[airflow].Environment[A]", Effect.REPLACE),
        ("AWS::Unknown::Type", "Name", Effect.IN_PLACE),
    ],
)
def test_a_change_below_or_above_a_listed_property_is_one_of_it(kind: str, path: str, expected: Effect) -> None:
    """Items of lists have no place in the schemas' paths."""
    assert effect(kind, path) is expected
