"""The screenshots in the docs are there and small, and a page shows each of them."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
MOST_BYTES = 120_000


def test_pages_show_the_images_that_there_are() -> None:
    """Tests of tests/life write them, with --regold."""
    pages = "".join(page.read_text(encoding="utf-8") for page in DOCS.rglob("*.md"))
    shown = set(re.findall(r"\(images/([^)/]+\.png)\)", pages))
    images = {path.name: path.stat().st_size for path in (DOCS / "images").glob("*.png")}
    assert shown == set(images)
    assert max(images.values()) <= MOST_BYTES
