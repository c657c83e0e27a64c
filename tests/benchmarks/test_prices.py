"""The page of prices says what the price table and the examples say now."""

from collections.abc import Callable
from pathlib import Path

from benchmarks.prices import PAGE, page


def test_the_committed_page_is_up_to_date(golden: Callable[[Path, str], None]) -> None:
    """A change of a price, an assumption or an example changes the page."""
    golden(PAGE, page())
