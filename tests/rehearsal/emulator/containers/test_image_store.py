"""The promises of rehearsal/emulator/containers/image_store.py."""

from pathlib import Path

from rehearsal.emulator.containers import image_store
from rehearsal.emulator.containers.image_store import Image


def test_an_image_is_found_as_it_was_put(tmp_path: Path) -> None:
    """An image is found again exactly as it was put, and a second put replaces it."""
    image = Image(
        environment="/venv",
        entrypoint=("aws",),
        variables={"HOME": "/x"},
        working_directory="/opt/x",
        user="0:0",
        mounts={"/opt/y": "/tmp/y"},
        links={"/opt/z": "/opt/y"},
    )
    image_store.put(tmp_path, "example.org/a:1", Image(environment="/other"))
    image_store.put(tmp_path, "example.org/a:1", image)
    image_store.put(tmp_path, "example.org/b:1", Image(environment="/b"))
    assert image_store.find(tmp_path, "example.org/a:1") == image
    assert image_store.references(tmp_path) == ("example.org/a:1", "example.org/b:1")


def test_an_unknown_image_is_refused(tmp_path: Path) -> None:
    """A reference nobody put leads to nothing."""
    assert image_store.find(tmp_path, "example.org/a:1") is None


def test_an_image_has_a_second_name(tmp_path: Path) -> None:
    """A digest beside its tag; a name of what nobody has put there names nothing."""
    image_store.put(tmp_path, "cli:2", Image(environment="/cli"))
    image_store.put_under(tmp_path, "cli@sha256:0", "cli:2")
    image_store.put_under(tmp_path, "other@sha256:0", "other:1")
    assert image_store.find(tmp_path, "cli@sha256:0") == Image(environment="/cli")
    assert image_store.find(tmp_path, "other@sha256:0") is None
