"""The page of attacks has every attack, and names tests that exist."""

import ast
from pathlib import Path

import pytest

from tests.conftest import Golden
from tests.threats import OUTCOMES, Threat, render, threats

ROOT = Path(__file__).parents[1]


def test_the_page_has_every_attack(golden: Golden) -> None:
    """With what came of it before and now."""
    golden(ROOT / "docs" / "security" / "threats.md", render())


@pytest.mark.parametrize("threat", threats(), ids=lambda threat: threat.attack)
def test_every_attack_is_tried_again(threat: Threat) -> None:
    """The test that a row names is there under this name."""
    file, _, name = threat.test.partition("::")
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert threat.before in OUTCOMES
