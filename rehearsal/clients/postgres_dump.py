"""Reads a dump of pg_dump into a DB instance of a running emulator, and asks that instance with SQL."""

import gzip
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from rehearsal.host.errors import RehearsalFailure

PROGRAMS = "lib/python*/site-packages/pgserver/pginstall/bin"
"""Where the wheel in the emulator's environment keeps them."""
ARCHIVE, TAR_AT, TAR, GZIP = b"PGDMP", 257, b"ustar", b"\x1f\x8b"
"""How the formats of pg_dump begin; that of a tar file says so later."""
OTHER_ENGINES = (b"-- MySQL dump", b"-- MariaDB dump")
HEAD_BYTES = 4096
COPY = re.compile(rb"COPY .* FROM stdin;\s*")
END_OF_COPY = b"\\."
FIELD = "\x1f"
ERROR = re.compile(r"ERROR:\s+(.*)")
HARMLESS = re.compile(
    r"role \".*\" does not exist|must be (able to SET ROLE|member of|owner of)|unrecognized configuration parameter|"
    r"permission denied to (create|set)|schema \"public\" already exists|extension \".*\" (is not|already)"
)
"""What says who owns a part of the real database, or needs what only its server has."""
SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Instance:
    """A DB instance: the folder with its socket, PostgreSQL's programs, and the login of its master user."""

    socket: Path
    programs: Path
    user: str
    password: str = field(repr=False)
    database: str


def find_programs(environment: Path) -> Path:
    """Return the folder with PostgreSQL's programs in the emulator's environment. Raises `RehearsalFailure`."""
    for found in environment.glob(PROGRAMS):
        return found
    raise RehearsalFailure(f"{environment} has none of PostgreSQL's programs.")


def read_dump(instance: Instance, file: Path) -> None:
    """Put what a dump holds in the place of what the database holds. Raises `RehearsalFailure`.

    It takes the plain, custom and tar format, and a plain one in gzip. Owners and rights are left out.
    """
    ask(instance, "DROP SCHEMA public CASCADE; CREATE SCHEMA public;")
    with _statements(instance, file) as lines, tempfile.TemporaryFile() as script:
        script.writelines(_without_commands(lines))
        script.seek(0)
        said = _psql(instance, (), script).stderr
    errors = [error for error in ERROR.findall(said) if not HARMLESS.search(error)]
    if errors:
        raise RehearsalFailure(f"PostgreSQL does not take {file}.", why="\n".join(errors[:SHOWN]))


def ask(instance: Instance, query: str) -> list[list[str]]:
    """Return the rows of a query as text. Raises `RehearsalFailure`."""
    done = _psql(instance, ("-A", "-t", "-F", FIELD, "-v", "ON_ERROR_STOP=1", "-c", query))
    if done.returncode:
        raise RehearsalFailure("The database did not answer.", why=done.stderr.strip())
    return [line.split(FIELD) for line in done.stdout.splitlines()]


@contextmanager
def _statements(instance: Instance, file: Path) -> Iterator[IO[bytes]]:
    """Open a dump as SQL."""
    with file.open("rb") as opened:
        head = opened.read(HEAD_BYTES)
    if any(other in head for other in OTHER_ENGINES):
        raise RehearsalFailure(f"{file} is a dump of MySQL, and the database is a PostgreSQL.")
    if head.startswith(GZIP):
        with gzip.open(file) as unpacked:
            yield unpacked  # type: ignore[misc]  # it reads bytes, like any other
        return
    if not head.startswith(ARCHIVE) and not head.startswith(TAR, TAR_AT):
        with file.open("rb") as plain:
            yield plain
        return
    command = (str(instance.programs / "pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(file))
    with tempfile.TemporaryFile() as restored:
        done = subprocess.run(command, stdout=restored, stderr=subprocess.PIPE, check=False)
        if done.returncode:
            raise RehearsalFailure(
                f"pg_restore does not read {file}.", why=done.stderr.decode(errors="replace").strip()
            )
        restored.seek(0)
        yield restored


def _without_commands(lines: IO[bytes]) -> Iterator[bytes]:
    """Yield what is SQL: commands of psql itself could do anything on this machine."""
    copying = False
    for line in lines:
        if copying or not line.startswith(b"\\"):
            yield line
        copying = line.rstrip() != END_OF_COPY if copying else COPY.fullmatch(line) is not None


def _psql(
    instance: Instance, options: tuple[str, ...], script: IO[bytes] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run psql by the socket, whose folder it gets in few letters: such a path has at most about a hundred."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "s")
        place.symlink_to(instance.socket)
        where = ("-X", "-q", "-h", str(place), "-U", instance.user, "-d", instance.database)
        return subprocess.run(
            (str(instance.programs / "psql"), *where, *options),
            stdin=script or subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            env={"PGPASSWORD": instance.password, "PGCONNECT_TIMEOUT": "10"},
        )
