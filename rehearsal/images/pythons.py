"""Finds a Python of a given version on this machine, or fetches one."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from rehearsal.host.errors import RehearsalFailure

PROBE_SECONDS = 20
FETCH_SECONDS = 600
# A Python built without these modules starts, but neither installs packages nor runs Airflow.
PROBE = "import ctypes, sqlite3, ssl, sys, zlib; print('%d.%d' % sys.version_info[:2])"


def find_python(version: str) -> Path:
    """Find the interpreter of Python `version`, such as `3.10`: on PATH, in pyenv or in uv, else download it."""
    if not re.fullmatch(r"3\.\d+", version):
        raise RehearsalFailure(
            f"{version!r} is not a Python version.", "Major and minor number are wanted.", 'Write "3.10", say.'
        )
    for candidate in (*_on_path(version), *_of_pyenv(version), *_of_uv(version)):
        if _is_python(candidate, version):
            return candidate
    return _fetched(version)


def _on_path(version: str) -> Iterator[Path]:
    for folder in os.get_exec_path():
        # Folder by folder: a pyenv shim that refuses must not hide a Python that works in a later folder.
        if found := shutil.which(f"python{version}", path=folder):
            yield Path(found)


def _of_pyenv(version: str) -> Iterator[Path]:
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    installed = (root / "versions").glob(f"{version}.*")
    for folder in sorted(installed, key=_patch_level, reverse=True):
        yield folder / "bin" / f"python{version}"


def _patch_level(folder: Path) -> int:
    patch = folder.name.rsplit(".", 1)[-1]
    return int(patch) if patch.isdigit() else -1


def _of_uv(version: str) -> Iterator[Path]:
    found = _uv("find", "--managed-python", "--no-python-downloads", version, seconds=PROBE_SECONDS)
    if found.returncode == 0:
        yield Path(found.stdout.strip())


def _fetched(version: str) -> Path:
    fetch = _uv("install", "--no-bin", version, seconds=FETCH_SECONDS)
    for candidate in _of_uv(version) if fetch.returncode == 0 else ():
        if _is_python(candidate, version):
            return candidate
    raise RehearsalFailure(
        f"Python {version} is not on this machine and could not be fetched.",
        f"No working python{version} on PATH, in pyenv or among the Pythons of uv, and its download failed: "
        + " ".join(fetch.stderr.split()),
        f"Install Python {version} (its `python{version}` on PATH, or `pyenv install {version}`, "
        f"or `uv python install {version}`), then run again.",
    )


def _uv(*arguments: str, seconds: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "uv", "python", *arguments]
    try:
        return subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            errors="surrogateescape",  # it prints paths
            stdin=subprocess.DEVNULL,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"no end after {seconds} seconds")


def _is_python(candidate: Path, version: str) -> bool:
    try:
        answer = subprocess.run(
            [candidate, "-I", "-c", PROBE],
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=PROBE_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.stdout.strip() == version
