"""The verbs' pages say what the verbs say."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cli.command_line.all_verbs import VERBS
from cli.command_line.reference_pages import pages

FOLDER = Path(__file__).parents[3] / "docs" / "verbs"


@pytest.mark.parametrize("name", ["index", *VERBS])
def test_committed_pages_are_fresh(name: str, golden: Callable[[Path, str], None]) -> None:
    """Each page in the repository is the one that its verb gives."""
    golden(FOLDER / f"{name}.md", pages()[f"{name}.md"])


def test_a_removed_verb_has_no_page() -> None:
    """A verb that is gone takes its page with it."""
    assert {path.name for path in FOLDER.iterdir()} == set(pages())


def test_options_are_listed() -> None:
    """A page lists what the verb takes, with the value each option wants."""
    page = pages()["compile.md"]
    assert "windsock compile [ENV ...] [OPTIONS]" in page
    assert "| `--output DIR` |" in page
    assert "| `--check` |" in page
