"""Reads releases of the code from the bucket: which one is current, and its files, checked against its name.

A release is named by the hash of its content, so whoever reads it can tell that nobody changed it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from functools import cache
from pathlib import Path, PurePosixPath
from typing import IO, Any

BUCKET_VARIABLE = "WINDSOCK_CODE_BUCKET"
CURRENT = "current.json"
ARCHIVE = "releases/{release}/code.tar.gz"
REPORT = "report.json"
"""Keys in the bucket."""

DIGITS = 40
"""How many digits of the hash name a release."""

DRAFT = ".draft-"
"""Begins the name of a folder with a part of a release."""

LOCK = ".lock"
"""The file of a release on a disk that its users lock."""

PATIENCE: dict[str, Any] = {
    "connect_timeout": 5,
    "read_timeout": 60,
    "retries": {"mode": "standard", "max_attempts": 5},
}
"""How long a client of AWS waits, and how often it tries."""

SHARED, EXECUTABLE = 0o644, 0o755
"""Airflow may run a task as another user."""


class ReleaseError(Exception):
    """A release cannot be used."""


def release_of(version: str) -> str:
    """Return the release that a version of the DAG bundle means: the commit may stand before it."""
    return version.rpartition("-")[2]


def current_version() -> str:
    """Return the version that is current now. Raises `ReleaseError` where nothing was ever pushed."""
    client = _client()
    try:
        pointer = json.loads(client.get_object(Bucket=_bucket(), Key=CURRENT)["Body"].read())
    except client.exceptions.NoSuchKey as error:
        raise ReleaseError(f"The bucket {_bucket()} has no {CURRENT}: run `windsock push`.") from error
    return str(pointer["version"])


def unpack(release: str, folder: Path) -> Path:
    """Bring a release to `folder`, which is there whole or not at all, and return it.

    Raises `ReleaseError` when it is not what its name says.
    """
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=DRAFT))
    try:
        if _fetch(release, draft) != release:
            raise ReleaseError(f"Release {release} in {_bucket()} was changed after it was pushed; it is not used.")
        _complete(draft)
        draft.rename(folder)
    except OSError:
        if not folder.exists():  # another process was faster
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder


def report(content: dict[str, Any]) -> None:
    """Write what the DAG processor made of a release to where the deployer reads it."""
    _client().put_object(Bucket=_bucket(), Key=REPORT, Body=json.dumps(content).encode())


def report_apart(content: dict[str, Any]) -> None:
    """Do the same in a process of its own: one that rarely writes is a third as large without boto3."""
    subprocess.run([sys.executable, "-m", __name__], input=json.dumps(content), text=True, check=True)


def _fetch(release: str, folder: Path) -> str:
    """Write the files of a release and return the name that their content has; its archive may not fit in memory."""
    with tempfile.TemporaryFile() as archive:
        shutil.copyfileobj(_client().get_object(Bucket=_bucket(), Key=ARCHIVE.format(release=release))["Body"], archive)
        archive.seek(0)
        return _write(archive, folder)


def _write(archive: IO[bytes], folder: Path) -> str:
    """Write every file of an archive and return the name that its content has."""
    lines = []
    try:
        with tarfile.open(fileobj=archive, mode="r:gz") as files:
            for member in files:
                _refuse_unsafe(member)
                content = files.extractfile(member).read()  # type: ignore[union-attr]  # it is a regular file
                executable = bool(member.mode & 0o100)
                _write_file(folder / member.name, content, executable=executable)
                mark = "x" if executable else ""
                lines.append(f"{member.name}\0{mark}{hashlib.sha256(content).hexdigest()}\n")
    except (tarfile.TarError, EOFError, OSError) as error:
        raise ReleaseError(f"A release in {_bucket()} cannot be read: {error}") from error
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()[:DIGITS]


def _refuse_unsafe(member: tarfile.TarInfo) -> None:
    path = PurePosixPath(member.name)
    if not member.isreg() or path.is_absolute() or ".." in path.parts:
        raise ReleaseError(f"A release in {_bucket()} holds {member.name!r}, which is no file of an Airflow home.")


def _write_file(path: Path, content: bytes, *, executable: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(EXECUTABLE if executable else SHARED)


def _complete(folder: Path) -> None:
    """Make the folders that a home may lack, and `include` importable from `config/` too."""
    for name in ("dags", "plugins", "config"):
        (folder / name).mkdir(exist_ok=True)
    settings = folder / "webserver_config.py"
    if settings.exists():
        settings.rename(folder / "config" / settings.name)
    if not (folder / "config" / "include").exists():
        (folder / "config" / "include").symlink_to(Path("..", "include"))
    (folder / LOCK).touch(SHARED)
    folder.chmod(EXECUTABLE)


def _bucket() -> str:
    return os.environ[BUCKET_VARIABLE]


def _client() -> Any:
    return _client_of(os.getpid())


@cache
def _client_of(_process: int) -> Any:
    """Return the client of a process: one that was forked must not use the connections of the other."""
    import boto3  # noqa: PLC0415  # see `report_apart`
    from botocore.config import Config  # noqa: PLC0415  # likewise

    return boto3.client("s3", config=Config(**PATIENCE))


if __name__ == "__main__":
    report(json.load(sys.stdin))
