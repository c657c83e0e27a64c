"""The page of networks says what each mode costs now."""

from collections.abc import Callable
from pathlib import Path

from benchmarks.networks import MODES, PAGE, measured, page


def test_the_committed_page_is_up_to_date(golden: Callable[[Path, str], None]) -> None:
    """A change of a price, of the model or of a mode changes the page; its seconds are measured apart."""
    assert measured().keys() == MODES.keys()
    golden(PAGE, page(measured()))
