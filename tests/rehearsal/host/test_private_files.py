"""The promises of rehearsal/host/private_files.py."""

import os
from collections.abc import Iterator
from pathlib import Path
from stat import S_IMODE

import pytest

from rehearsal.host import private_files


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    """Share every file, as some umasks do."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_a_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Whatever the umask, and also when it was there before."""
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o777)
    for path in (folder, folder / "new"):
        private_files.make_folder(path)
        assert S_IMODE(path.stat().st_mode) == 0o700


def test_a_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Whatever the umask; writing again replaces its text."""
    for text in ("a longer text", "short"):
        private_files.write_text(tmp_path / "file", text)
        assert (tmp_path / "file").read_text() == text
        assert S_IMODE((tmp_path / "file").stat().st_mode) == 0o600
