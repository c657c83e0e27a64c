"""Builds the library by which containers and databases of a rehearsal keep the time of its schedules."""

import subprocess
from pathlib import Path

from rehearsal.emulator.rules import fake_clock

SOURCE = Path(__file__).with_name("clock.c")
COMPILE = ("cc", "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror")


def build_library(directory: Path) -> None:
    """Put it into the directory of an emulator."""
    clock, library = directory / fake_clock.FILE_NAME, directory / fake_clock.LIBRARY_NAME
    subprocess.run([*COMPILE, f'-DCLOCK="{clock}"', "-o", str(library), str(SOURCE)], check=True)
