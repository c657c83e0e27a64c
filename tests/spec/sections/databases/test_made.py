"""A database that Windsock makes needs nothing of the YAML but how it is to be."""

import pytest

from tests.spec.minimal import minimal


@pytest.mark.parametrize("more", ["", 'database: {kind: container, version: "15"}\n'])
def test_it_has_its_own_place_and_password(more: str) -> None:
    """Its stack says where it is, and no secret is named for it."""
    database = minimal(more=more).database
    assert (database.address, database.cidrs, dict(database.secret_sources)) == ("", (), {})
