"""The promises of rehearsal/emulator/catalogue.py."""

from pathlib import Path

from rehearsal.emulator import catalogue
from rehearsal.emulator.catalogue import Image


def test_put_and_find(tmp_path: Path) -> None:
    """An image is found again exactly as it was put, and a second put replaces it."""
    image = Image("/venv", ("aws",), {"HOME": "/x"}, "/opt/x", "0:0")
    catalogue.put(tmp_path, "example.org/a:1", Image("/other"))
    catalogue.put(tmp_path, "example.org/a:1", image)
    catalogue.put(tmp_path, "example.org/b:1", Image("/b"))
    assert catalogue.find(tmp_path, "example.org/a:1") == image
    assert catalogue.references(tmp_path) == ("example.org/a:1", "example.org/b:1")


def test_unknown_image(tmp_path: Path) -> None:
    """A reference nobody put leads to nothing."""
    assert catalogue.find(tmp_path, "example.org/a:1") is None
