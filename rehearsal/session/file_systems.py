"""Where the file systems of a running emulator lie on this machine."""

from pathlib import Path

from rehearsal.session.emulator_session import EmulatorSession


def file_system_folder(emulator: EmulatorSession, file_system: str) -> Path:
    """Return the folder that stands for an EFS file system; what is written there is on every mount at once."""
    return emulator.directory / "efs" / file_system
