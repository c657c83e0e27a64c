"""Finds the folders of rehearsals, and the rehearsals that are kept."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from rehearsal.host.errors import RehearsalFailure
from rehearsal.session import emulator_session
from rehearsal.session.emulator_session import EmulatorSession
from spec.errors import Refusal

FOLDER = "rehearsals"


def directory_of(cache: Path, name: str, *, kept: bool) -> Path:
    """Return the directory for a rehearsal: a kept one has the environment's name, others add a process number."""
    return cache / FOLDER / (name if kept else f"{name}-{os.getpid()}")


def refuse_second(directory: Path, name: str) -> None:
    """Refuse a second kept rehearsal of one environment."""
    if any(emulator.directory == directory for emulator in _living(directory.parent)):
        raise Refusal(
            f"A rehearsal of {name} is being kept already.",
            why=f"It lives in {directory}.",
            next_step="Take it down with the teardown verb, or end it with `windsock rehearse ENV --stop`.",
        )


def find_kept(cache: Path, endpoint_url: str | None) -> EmulatorSession | None:
    """Return the kept rehearsal behind an AWS endpoint, if it is one."""
    return next((emulator for emulator in _living(cache / FOLDER) if emulator.endpoint_url == endpoint_url), None)


def find_named(cache: Path, name: str) -> EmulatorSession | None:
    """Return the kept rehearsal of an environment, if there is one."""
    directory = directory_of(cache, name, kept=True)
    return next((emulator for emulator in _living(cache / FOLDER) if emulator.directory == directory), None)


def find_for(cache: Path, name: str, base: str) -> EmulatorSession | None:
    """Return the kept rehearsal that an environment belongs into, if there is one.

    It is its own. A branch, whose YAML has the name `base`, also belongs beside that environment and other branches.
    """
    if found := find_named(cache, name) or find_named(cache, base):
        return found
    siblings = (emulator for emulator in _living(cache / FOLDER) if _is_branch(emulator.directory.name, base))
    return next(siblings, None) if name != base else None


def _is_branch(name: str, base: str) -> bool:
    """Whether a folder is that of a kept branch; that of a rehearsal which is not kept ends with a process number."""
    branch = name.removeprefix(f"{base}-")
    return branch != name and not branch.isdigit()


def sweep(cache: Path) -> None:
    """Remove what killed rehearsals left behind."""
    folder = cache / FOLDER
    for directory in folder.iterdir() if folder.is_dir() else ():
        emulator = _read(directory)
        owner = directory.name.rpartition("-")[2]
        if emulator and not emulator_session.is_alive(emulator):
            emulator_session.stop(emulator)
        elif emulator is None and owner.isdigit() and not Path("/proc", owner).exists():
            shutil.rmtree(directory, ignore_errors=True)


def _living(folder: Path) -> Iterator[EmulatorSession]:
    for directory in folder.iterdir() if folder.is_dir() else ():
        emulator = _read(directory)
        if emulator and emulator_session.is_alive(emulator):
            yield emulator


def _read(directory: Path) -> EmulatorSession | None:
    try:
        return emulator_session.read(directory)
    except (RehearsalFailure, ValueError, TypeError, KeyError):  # none there, or damaged
        return None
