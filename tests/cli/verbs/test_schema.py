"""`windsock schema`: the JSON schema, nothing else."""

from spec.reference.json_schema import json_schema
from tests.cli.shell import Windsock


def test_schema_prints_the_schema_file(windsock: Windsock) -> None:
    """Stdout holds exactly the schema file's bytes."""
    ran = windsock("schema")
    assert (ran.code, ran.out, ran.err) == (0, json_schema(), "")


def test_a_network_has_a_schema_too(windsock: Windsock) -> None:
    """By its name; another YAML there is not."""
    ran = windsock("schema", "network")
    assert (ran.code, ran.out, ran.err) == (0, json_schema("network"), "")
    assert windsock("schema", "cluster").code == 2
