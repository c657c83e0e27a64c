"""Process names are spelt one way in the YAML and another in CloudFormation."""

import pytest

from compiler.resources.processes import title
from deployer.stacks.outputs import snake
from spec.releases.table import RELEASES

PROCESSES = {name for release in RELEASES.values() for name in release.processes}


@pytest.mark.parametrize("process", sorted(PROCESSES | {"command", "sync"}))
def test_spellings_are_each_other_s_inverse(process: str) -> None:
    """Every process of every release finds its way back."""
    assert snake(title(process)) == process


def test_words_become_capitals() -> None:
    """As the root template spells it."""
    assert title("dag_processor") == "DagProcessor"
