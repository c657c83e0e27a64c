"""What CloudFormation's registry schemas say of the types in our templates, for tests that hold tables to them."""

import re
from functools import cache
from pathlib import Path

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

ROOT = Path(__file__).parents[1]
REGION = "us-west-2"
TYPE = re.compile(r"^ +Type: (AWS::\w+::\w+)$", re.MULTILINE)


def types_of_templates() -> frozenset[str]:
    """Return the types of all templates that this repository compiles, but for nested stacks."""
    files = [*ROOT.glob("templates_out/*/*.yaml"), *ROOT.glob("examples/templates_out/*/*.yaml")]
    files += ROOT.glob("tests/golden/templates/*/expected/*.yaml")
    found = {kind for file in files for kind in TYPE.findall(file.read_text(encoding="utf-8"))}
    return frozenset(found - {"AWS::CloudFormation::Stack"})


@cache
def listed_paths(kind: str, part: str) -> frozenset[str]:
    """Return the properties that a part of the schema lists, such as `createOnlyProperties`: `VpcConfig.Subnets`."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind).schema
    paths = (path.removeprefix("/properties/") for path in schema.get(part, ()))
    return frozenset(path.replace("/*", "").replace("/", ".") for path in paths)


def listed_names(kind: str, part: str) -> frozenset[str]:
    """Return only the first name of each of these paths."""
    return frozenset(path.partition(".")[0] for path in listed_paths(kind, part))
