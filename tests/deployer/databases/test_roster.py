"""A deployed environment's kind of database is read from its outputs, the YAML's from its word."""

from dataclasses import replace

import pytest

from deployer.databases import container, external, rds
from deployer.databases.kind import DatabaseKind
from deployer.databases.roster import DATABASES, deployed_database
from spec.errors import Refusal
from tests.deployer.fakes.environment import World, environment, outputs_of


@pytest.mark.parametrize(
    ("service", "place", "kind"),
    [("", "", rds), ("Database", "", container), ("", "db.example.com:5432/airflow", external)],
)
def test_a_database_is_told_by_its_outputs(service: str, place: str, kind: DatabaseKind) -> None:
    """Whatever the YAML says by now."""
    assert deployed_database(replace(outputs_of(World()), database_service=service, external_database=place)) is kind


def test_every_kind_of_the_yaml_has_its_module() -> None:
    """No more and no fewer: the YAML's own refusal of another kind names them."""
    with pytest.raises(Refusal) as refusal:
        environment(**{"name: demo\n": "name: demo\ndatabase: {kind: none}\n"})
    assert all(kind in str(refusal.value) for kind in DATABASES)
