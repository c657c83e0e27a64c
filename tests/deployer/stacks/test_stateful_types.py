"""The table of what must not be replaced fits CloudFormation's registry and the compiled stacks."""

from pathlib import Path
from typing import Any

import pytest

from compiler.compile import compile_environment
from deployer.stacks.stateful_types import STATEFUL, CreateOnly
from deployer.stacks.template_diff import losses, resources
from spec.reading.load import load
from tests.registry_schemas import listed_names

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "env.example.yaml", *(ROOT / "examples").glob("*.yaml")))
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
    assert set(STATEFUL[type_].always) - BY_HAND.get(type_, set()) == listed_names(type_, "createOnlyProperties")


@TYPES
def test_sometimes_is_what_the_registry_says(type_: str) -> None:
    """What may replace it, apart from the cases that are named here with their type."""
    conditional = listed_names(type_, "conditionalCreateOnlyProperties")
    assert STATEFUL[type_].sometimes | LEFT_OUT.get(type_, set()) == conditional


@TYPES
def test_no_property_is_in_both(type_: str) -> None:
    """A change replaces it or may replace it."""
    row: CreateOnly = STATEFUL[type_]
    assert not row.always & row.sometimes


PROPERTIES = [
    (type_, name)
    for type_ in STATEFUL
    for key in ("createOnlyProperties", "conditionalCreateOnlyProperties")
    for name in sorted(listed_names(type_, key) - LEFT_OUT.get(type_, set()))
]


@pytest.mark.parametrize(("type_", "name"), PROPERTIES)
@pytest.mark.parametrize(("old", "new"), [("a", "b"), (None, "b"), ("a", None)])
def test_every_property_that_may_replace_is_refused(type_: str, name: str, old: str | None, new: str | None) -> None:
    """Changed, added or taken away: the loss names resource and property, before there is a change set."""
    before, after = ({name: value} if value else {} for value in (old, new))
    (loss,) = losses("", _resource(type_, before), _resource(type_, after))
    assert (loss.path, loss.type, name in loss.what) == ("State", type_, True)


@pytest.mark.parametrize(
    ("type_", "name"), [(type_, name) for type_, names in LEFT_OUT.items() for name in sorted(names)]
)
def test_what_changes_in_place_is_let_through(type_: str, name: str) -> None:
    """A deploy may do it without a question of this kind."""
    assert list(losses("", _resource(type_, {name: "a"}), _resource(type_, {name: "b"}))) == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: str(path.stem))
def test_whatever_a_protected_environment_keeps_is_a_stateful_type(example: Path) -> None:
    """A type that is retained and not in the table would be replaced without a word."""
    env = load(example)
    templates = compile_environment(env.model_copy(update={"protect": True, "ttl": None}))
    kept = {
        resource["Type"]
        for name in templates.nested
        for resource in resources(templates.files[f"{name}.yaml"]).values()
        if resource.get("DeletionPolicy", "Delete") != "Delete"
    }
    assert kept
    assert kept <= STATEFUL.keys()


def _resource(type_: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"State": {"Type": type_, "Properties": properties}}
