"""Promises of all kinds: each knows its environment and, where it has keys, its section."""

from compiler.databases.roster import DATABASES
from compiler.executors.roster import EXECUTORS
from compiler.model.kind import OfEnvironment, OfSection
from tests.compiler.conftest import Case


def test_a_kind_is_made_for_an_environment(smallest: Case) -> None:
    """What it adds to templates follows from there."""
    for executor in EXECUTORS.values():
        made = executor(smallest.env)
        assert isinstance(made, OfEnvironment)
        assert made.env is smallest.env


def test_a_kind_with_keys_has_the_section_that_chose_it(smallest: Case) -> None:
    """It asks the section, and never which kind another one is."""
    made = DATABASES[smallest.env.database.kind](smallest.env, smallest.env.database)
    assert isinstance(made, OfSection)
    assert (made.env, made.section) == (smallest.env, smallest.env.database)
