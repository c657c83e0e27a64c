"""Debian's packages, unpacked into the cache: nothing is installed, so it needs no root."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

from rehearsal.host.errors import RehearsalFailure
from rehearsal.images.virtualenvs import exclusive

QUOTED_LINES = 4

Refuse = Callable[[str], RehearsalFailure]
"""Makes the caller's error from the reason why its packages are not available."""


def unpack(folder: Path, packages: Iterable[str], refuse: Refuse) -> Path:
    """Fetch packages and unpack them into `folder` once; return their `usr`. Their names are computed only then.

    Raises:
        RehearsalFailure: this machine cannot fetch the packages.
    """
    with exclusive(folder.with_name(f"{folder.name}.lock")):
        if not folder.exists():
            partial = folder.with_name(f"{folder.name}.partial")
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(parents=True)
            ask("apt-get", "-o", "APT::Sandbox::User=root", "download", *packages, refuse=refuse, within=partial)
            for package in sorted(partial.glob("*.deb")):
                ask("dpkg-deb", "--extract", str(package), str(partial), refuse=refuse, within=partial)
                package.unlink()
            partial.rename(folder)
    return folder / "usr"


def ask(*command: str, refuse: Refuse, within: Path | None = None) -> str:
    """Return the output of a program of the package manager.

    Raises:
        RehearsalFailure: the program is missing or fails.
    """
    try:
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            stdin=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C"},  # what apt-cache prints would be translated
            cwd=within,
        )
    except FileNotFoundError as error:
        raise refuse(f"This machine has no {command[0]} to fetch it with.") from error
    if done.returncode:
        said = " ".join(done.stderr.strip().splitlines()[-QUOTED_LINES:])
        raise refuse(f"{command[0]} said: {said}")
    return done.stdout
