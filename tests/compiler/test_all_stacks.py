"""Promises of the roster: it is the folder, and stacks can be deployed in the order that comes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from compiler.all_stacks import ALL_STACKS

if TYPE_CHECKING:
    from tests.compiler.conftest import Case

STACKS = Path(__file__).parents[2] / "compiler" / "stacks"


def test_every_module_is_in_the_roster() -> None:
    """And every stack of the roster has a module."""
    assert set(ALL_STACKS) == {file.stem for file in STACKS.glob("*.py")} - {"__init__"}


def test_stacks_take_values_of_earlier_stacks_only(case: Case) -> None:
    """Deploying in the order of the templates never waits in a circle."""
    names = [name.capitalize() for name in case.templates.nested]
    for title, stack in case.parsed["root.yaml"]["Resources"].items():
        for value in stack["Properties"].get("Parameters", {}).values():
            if "Fn::GetAtt" in value:
                assert names.index(value["Fn::GetAtt"].partition(".")[0]) < names.index(title)
