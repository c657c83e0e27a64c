"""The table of create-only properties fits CloudFormation's registry, and nested paths count."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from deployer.differences.difference import Effect
from deployer.differences.update_behaviour import FILE, effect
from tests.registry_schemas import listed_paths, types_of_templates


def test_the_table_says_what_the_registry_schemas_say(golden: Callable[[Path, str], None]) -> None:
    """Of every type that a template here has."""
    table = {
        kind: {
            "always": sorted(listed_paths(kind, "createOnlyProperties")),
            "sometimes": sorted(listed_paths(kind, "conditionalCreateOnlyProperties")),
        }
        for kind in sorted(types_of_templates())
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
