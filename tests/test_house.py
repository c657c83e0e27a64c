"""The rules of the house that no tool checks."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PRODUCT = (
    "spec",
    "pricing",
    "compiler",
    "deployer",
    "rehearsal",
    "acceptance",
    "cli",
    "windsock",
    "airflow_home",
    "benchmarks",
)
LONGEST_FILE = 300
NO_NAMES = frozenset({"utils", "util", "helpers", "helper", "common", "misc", "base"})


def _files(*folders: str) -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for folder in folders for path in (ROOT / folder).rglob("*.py"))


def _tree(file: str) -> ast.Module:
    return ast.parse((ROOT / file).read_text(encoding="utf-8"))


EVERY_FILE = pytest.mark.parametrize("file", _files(*PRODUCT))
EVERY_TEST = pytest.mark.parametrize("file", [file for file in _files("tests") if Path(file).name.startswith("test_")])


@EVERY_FILE
def test_a_file_says_in_one_sentence_what_it_is_for(file: str) -> None:
    """The first paragraph of its docstring; what needs more words has them below."""
    first, *_ = (ast.get_docstring(_tree(file)) or "").partition("\n\n")
    sentence = " ".join(first.split())
    assert sentence.endswith((".", "?"))
    assert ". " not in sentence


@EVERY_FILE
def test_a_file_fits_on_a_few_screens(file: str) -> None:
    """What is longer is two rooms."""
    assert len((ROOT / file).read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("file", _files(*PRODUCT, "tests"))
def test_a_file_is_named_after_what_it_is_for(file: str) -> None:
    """A room for everything is a room for nothing, and so is a folder."""
    assert not NO_NAMES & {part.removesuffix(".py") for part in Path(file).parts}


@EVERY_TEST
def test_every_test_states_its_promise(file: str) -> None:
    """In its docstring, so that a failure says what no longer holds."""
    functions = (node for node in ast.walk(_tree(file)) if isinstance(node, ast.FunctionDef))
    silent = [node.name for node in functions if node.name.startswith("test_") and not ast.get_docstring(node)]
    assert silent == []
