"""A protected environment that is taken down leaves its database to restore, and nothing else."""

from collections.abc import Mapping

from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from spec.environment import Environment
from tests.spec.minimal import minimal

CONTAINER = "database: {kind: container, engine: postgres, version: '15'}\n"


def _kept(env: Environment) -> Mapping[str, str]:
    templates = compile_environment(env, leaving_snapshot=True)
    return {
        f"{name}/{logical_id}": resource["DeletionPolicy"]
        for name in templates.nested
        for logical_id, resource in read_template(templates.files[f"{name}.yaml"])["Resources"].items()
        if resource.get("DeletionPolicy", "Delete") != "Delete"
    }


def test_an_instance_leaves_a_snapshot_and_the_secrets_to_use_it() -> None:
    """Nothing else stays, and nothing is protected from the deletion."""
    assert _kept(minimal()) == {
        "database/Instance": "Snapshot",
        "secrets/FernetSeed": "RetainExceptOnCreate",
        "secrets/AdminPassword": "RetainExceptOnCreate",
    }
    instance = read_template(compile_environment(minimal(), leaving_snapshot=True).files["database.yaml"])
    assert instance["Resources"]["Instance"]["Properties"]["DeletionProtection"] is False


def test_a_key_of_the_environment_stays_with_the_snapshot_that_it_encrypts() -> None:
    """Nobody could restore it without."""
    assert _kept(minimal(more="encryption: {key: create}\n"))["keys/EncryptionKey"] == "RetainExceptOnCreate"


def test_what_no_snapshot_can_hold_leaves_no_secrets() -> None:
    """The files of a database in a container go with their file system."""
    assert _kept(minimal(more=CONTAINER)) == {}


def test_without_that_wish_an_environment_leaves_nothing() -> None:
    """Only a teardown asks for it."""
    assert "Policy: Snapshot" not in compile_environment(minimal()).files["database.yaml"]
