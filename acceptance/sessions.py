"""Where rehearsals live on disk, and how a kept one is found again."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from rehearsal.host.errors import RehearsalFailure
from rehearsal.session import emulator_session as beds
from rehearsal.session.emulator_session import Bed
from spec.errors import Refusal

FOLDER = "rehearsals"


def directory_of(cache: Path, name: str, *, kept: bool) -> Path:
    """Return the directory for a rehearsal of an environment: the kept one has its name, others are this process's."""
    return cache / FOLDER / (name if kept else f"{name}-{os.getpid()}")


def refuse_second(directory: Path, name: str) -> None:
    """Refuse a second kept rehearsal of one environment."""
    if any(bed.directory == directory for bed in _living(directory.parent)):
        raise Refusal(
            f"A rehearsal of {name} is being kept already.",
            why=f"It lives in {directory}.",
            next_step="Take it down with the teardown verb, or end it with `windsock rehearse ENV --stop`.",
        )


def find_kept(cache: Path, endpoint_url: str | None) -> Bed | None:
    """Return the kept rehearsal behind an AWS endpoint, if it is one."""
    return next((bed for bed in _living(cache / FOLDER) if bed.endpoint_url == endpoint_url), None)


def find_named(cache: Path, name: str) -> Bed | None:
    """Return the kept rehearsal of an environment, if there is one."""
    directory = directory_of(cache, name, kept=True)
    return next((bed for bed in _living(cache / FOLDER) if bed.directory == directory), None)


def sweep(cache: Path) -> None:
    """Remove what rehearsals left whose process was killed before it could."""
    folder = cache / FOLDER
    for directory in folder.iterdir() if folder.is_dir() else ():
        bed = _read(directory)
        owner = directory.name.rpartition("-")[2]
        if bed and not beds.is_alive(bed):
            beds.stop(bed)
        elif bed is None and owner.isdigit() and not Path("/proc", owner).exists():
            shutil.rmtree(directory, ignore_errors=True)


def _living(folder: Path) -> Iterator[Bed]:
    for directory in folder.iterdir() if folder.is_dir() else ():
        bed = _read(directory)
        if bed and beds.is_alive(bed):
            yield bed


def _read(directory: Path) -> Bed | None:
    try:
        return beds.read(directory)
    except (RehearsalFailure, ValueError, TypeError, KeyError):  # none there, or damaged
        return None
