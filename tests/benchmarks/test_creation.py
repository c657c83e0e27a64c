"""The page of modelled minutes says what the compiled stacks say now."""

from collections.abc import Callable
from pathlib import Path

from benchmarks.creation import PAGE, page


def test_the_committed_page_is_up_to_date(golden: Callable[[Path, str], None]) -> None:
    """A change of what waits for what changes the minutes on the page."""
    golden(PAGE, page())
