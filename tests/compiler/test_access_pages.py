"""The pages of who can do what are those of the compiled templates of all examples."""

from pathlib import Path

import pytest

from compiler.compile import compile_environment
from compiler.model.stack_graph import StackGraph
from deployer.stacks.stateful_types import STATEFUL
from spec.reading.load import load
from tests.compiler.access_page import KEYS, render
from tests.compiler.conftest import Case
from tests.conftest import Golden

ROOT = Path(__file__).parents[2]
EXAMPLES = ("env.example.yaml", *sorted(f"examples/{path.name}" for path in (ROOT / "examples").glob("*.yaml")))
WITHOUT_CONTENT = frozenset({"AWS::EFS::AccessPoint"})
"""Types of state that only lead to something that is encrypted."""


@pytest.mark.parametrize("file", EXAMPLES)
def test_the_page_says_what_the_templates_say(file: str, golden: Golden) -> None:
    """Who reaches whom, who may do what, what is encrypted with which key."""
    templates = compile_environment(load(ROOT / file))
    golden(ROOT / "docs" / "security" / f"{templates.name}.md", render(templates, file))


def test_everything_that_stores_something_names_its_key(case: Case) -> None:
    """A new type of state gets its row."""
    kinds = {resource["Type"] for resource in StackGraph.of(case.templates).resources.values()}
    assert (kinds & STATEFUL.keys()) - WITHOUT_CONTENT <= KEYS.keys()
