"""Every database of the YAML has its kind in the compiler."""

from typing import get_args

from compiler.databases.roster import DATABASES
from spec.sections.database import Database


def test_every_database_of_the_yaml_has_a_kind() -> None:
    """A database that the YAML offers and the compiler does not know would fail while it compiles."""
    sections = get_args(get_args(Database)[0])
    assert {get_args(section)[1].tag for section in sections} == set(DATABASES)
