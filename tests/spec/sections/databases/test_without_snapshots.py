"""A database of which AWS takes no snapshots begins with none."""

import pytest

from tests.spec.minimal import minimal

CONTAINER = 'database: {kind: container, version: "15"}\n'
EXTERNAL = 'database: {kind: external, version: "15", host: db.example.com, password: {secret: demo/database}}\n'


@pytest.mark.parametrize("more", [CONTAINER, EXTERNAL])
def test_it_is_the_first_and_only_one(more: str) -> None:
    """Neither a snapshot nor its secrets are looked for."""
    database = minimal(more=more).database
    assert (database.generation, database.restored_snapshots, dict(database.restored_secrets)) == (1, (), {})
    assert not database.is_restored
