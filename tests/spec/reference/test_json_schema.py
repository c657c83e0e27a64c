"""The JSON schema says what the models say, in the same bytes every time."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from cfnlint.jsonschema import StandardValidator

from spec.aws_facts.rds import INSTANCE_CLASSES
from spec.aws_facts.regions import REGIONS
from spec.reading.positioned_yaml import read
from spec.reference.json_schema import MODELS, json_schema
from spec.releases.table import RELEASES

ROOT = Path(__file__).parents[3]
SCHEMA, OF_NETWORK = (ROOT / "spec" / f"{one}.schema.json" for one in ("environment", "network"))
NETWORK = ROOT / "examples" / "shared-network" / "network.yaml"
EXAMPLES = [ROOT / "env.example.yaml", *sorted((ROOT / "examples").glob("*.yaml"))]


def complaints(tree: Any, of: str = "environment") -> list[str]:
    """Return what the schema has against `tree`."""
    validator = StandardValidator(schema=json.loads(json_schema(of)))
    return [str(error.message) for error in validator.iter_errors(tree)]


def example(path: Path = EXAMPLES[0]) -> dict[str, Any]:
    """Return an example as plain values, as editors read it: by YAML 1.2, to which `on` is a word."""
    return cast("dict[str, Any]", read(path.read_text(encoding="utf-8"), path.name).value)


def test_committed_schemas_are_fresh(golden: Callable[[Path, str], None]) -> None:
    """The schemas in the repository are those that the models give."""
    golden(SCHEMA, json_schema())
    golden(OF_NETWORK, json_schema("network"))


def test_a_network_has_a_schema_of_its_own() -> None:
    """An editor finds it by the first line of the example, and underlines what belongs to an environment."""
    tree = example(NETWORK)
    assert complaints(tree, "network") == []
    assert complaints({**tree, "airflow": {}}, "network")
    assert complaints({**tree, "network": {"mode": "endpoints"}}, "network")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_satisfy_the_schema(path: Path) -> None:
    """An editor finds nothing wrong with what we ship."""
    assert complaints(example(path)) == []


@pytest.mark.parametrize("path", [*EXAMPLES, NETWORK], ids=lambda path: path.stem)
def test_examples_point_at_the_schema(path: Path) -> None:
    """The first line of each example leads an editor to the schema."""
    directive, _, target = path.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")
    assert directive == "# yaml-language-server: "
    assert (path.parent / target).resolve() == (OF_NETWORK if path == NETWORK else SCHEMA)


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("aws", "region", "us-west-9"),
        ("aws", "account", "123"),
        ("airflow", "version", "2.5.4"),
        ("airflow", "executor", "celery"),
        ("database", "storage_gb", 10),
        ("database", "instance", "db.t1.micro"),
        ("logs", "retention_days", 31),
        ("services", "webserver", {"cpu": 512, "memory": 512}),
        ("database", "storage", 20),
        ("network", "allowed_cidrs", []),
    ],
)
def test_the_schema_refuses_single_wrong_fields(section: str, key: str, value: Any) -> None:
    """An editor underlines what the loader refuses in one field."""
    tree = example()
    tree[section][key] = value
    assert complaints(tree)


def test_tables_are_enumerations() -> None:
    """An editor offers the regions, instance classes and releases that the tables hold."""
    sections = json.loads(json_schema())["$defs"]
    assert sections["Aws"]["properties"]["region"]["enum"] == list(REGIONS)
    assert sections["Rds"]["properties"]["instance"]["enum"] == list(INSTANCE_CLASSES)
    assert sections["Airflow"]["properties"]["version"]["enum"] == list(RELEASES)


@pytest.mark.parametrize("of", MODELS)
def test_every_field_is_described(of: str) -> None:
    """Hovering over any key shows its docstring, and every section is closed."""
    schema = json.loads(json_schema(of))
    for section in (schema, *schema["$defs"].values()):
        assert section["additionalProperties"] is False
        for field in section["properties"].values():
            assert field.get("description") or schema["$defs"][field["$ref"].rpartition("/")[2]]["description"]
