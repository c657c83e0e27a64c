"""A file system of the emulator is a folder of this machine."""

from dataclasses import replace
from pathlib import Path

from rehearsal.session.file_systems import file_system_folder
from tests.acceptance.emulator import NOWHERE


def test_a_file_system_has_a_folder_of_its_own(tmp_path: Path) -> None:
    """Whole rehearsals show that its files are on every mount."""
    emulator = replace(NOWHERE, directory=tmp_path)
    assert file_system_folder(emulator, "fs-1") == tmp_path / "efs" / "fs-1"
