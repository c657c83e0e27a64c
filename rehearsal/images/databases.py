"""What stands for the official images of databases: PostgreSQL out of the emulator's environment, MariaDB for MySQL."""

import hashlib
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rehearsal.host import namespaces
from rehearsal.host.errors import RehearsalFailure
from rehearsal.images import debian_packages, virtualenvs
from rehearsal.images.emulator_image import emulator_environment

SCRIPTS = Path(__file__).parent
ENTRY_POINT = "docker-entrypoint.sh"
POSTGRES_PROGRAMS = ("postgres", "initdb", "pg_isready", "psql", "pg_dump")
SERVER, CLIENT = "mariadb-server-core", "mariadb-client"
MYSQL_PROGRAMS: Mapping[str, str] = {
    "mariadbd": "mariadbd",
    "mysql": "mariadb",
    "mysqladmin": "mariadb-admin",
    "mysqldump": "mariadb-dump",
}
"""MySQL's names of programs, and MariaDB's."""
SHARES = ("share/mariadb", "share/mysql")


@dataclass(frozen=True)
class DatabaseImage:
    """A folder whose `bin` has the programs of an image; `mounts` is what else of this machine they lean on."""

    environment: Path
    server: str
    """What really runs, such as `PostgreSQL 16.2`."""
    mounts: tuple[Path, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def entrypoint(self) -> tuple[str, ...]:
        """The image's own entry point, found on its PATH."""
        return (ENTRY_POINT,)


def postgres_image(cache: Path) -> DatabaseImage:
    """What stands for `postgres`, whatever its version: the programs the emulator's instances run, built if missing."""
    emulator = emulator_environment(cache)
    installation = next(emulator.glob("lib/python3*/site-packages/pgserver/pginstall"))
    programs = {name: installation / "bin" / name for name in POSTGRES_PROGRAMS}
    image = _furnish(cache, "postgres", programs, {ENTRY_POINT: "postgres.sh"})
    mounts = (installation.parent, installation.parent.parent / "pgserver.libs")
    return DatabaseImage(image, f"PostgreSQL {_version(programs['postgres'], {})}", mounts)


def mysql_image(cache: Path) -> DatabaseImage:
    """What stands for `mysql`: MariaDB as this machine has it, or out of Debian's packages, unpacked into the cache.

    Raises:
        RehearsalFailure: neither is to be had.
    """
    prefix = _installed() or unpack_mariadb(cache)
    programs = {name: _program(prefix, own) for name, own in MYSQL_PROGRAMS.items()}
    image = _furnish(cache, "mysql", programs, {ENTRY_POINT: "mysql.sh", "mysqld": "mysqld.sh"})
    share = next(prefix / share for share in SHARES if list((prefix / share).glob("*_system_tables.sql")))
    libraries = ":".join(str(folder) for folder in sorted((prefix / "lib").glob("*-linux-gnu*")))
    variables = {"MARIADB_SHARE": str(share), **({"LD_LIBRARY_PATH": libraries} if prefix != Path("/usr") else {})}
    mounts = () if prefix == Path("/usr") else (prefix,)
    return DatabaseImage(image, f"MariaDB {_version(programs['mariadbd'], variables)}", mounts, variables)


def unpack_mariadb(cache: Path) -> Path:
    """The `usr` of MariaDB's packages, fetched once; nothing is installed, so nobody needs to be root.

    Raises:
        RehearsalFailure: this machine has no such packages to fetch.
    """
    return debian_packages.unpack(cache / "mariadb", _packages(), _no_mariadb)


def _furnish(cache: Path, name: str, programs: Mapping[str, Path], scripts: Mapping[str, str]) -> Path:
    """Make the folder of an image, named by what is in it."""
    content = hashlib.sha256(repr(sorted((key, str(path)) for key, path in programs.items())).encode())
    for script in scripts.values():
        content.update((SCRIPTS / script).read_bytes())
    folder = cache / f"image-{name}-{content.hexdigest()[: virtualenvs.HASH_CHARACTERS]}"
    with virtualenvs.alone(cache / f"{folder.name}.lock"):
        if folder.exists():
            return folder
        partial = folder.with_name(f"{folder.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        (partial / "bin").mkdir(parents=True)
        for key, path in programs.items():
            (partial / "bin" / key).symlink_to(path)
        for key, script in scripts.items():
            shutil.copy(SCRIPTS / script, partial / "bin" / key)
        partial.rename(folder)
    return folder


def _installed() -> Path | None:
    found = [shutil.which(own, path=namespaces.SYSTEM_PATH) for own in MYSQL_PROGRAMS.values()]
    return Path("/usr") if all(program and program.startswith("/usr/") for program in found) else None


def _program(prefix: Path, name: str) -> Path:
    return next(prefix / folder / name for folder in ("bin", "sbin") if (prefix / folder / name).exists())


def _packages() -> Iterator[str]:
    """The server, the client, and the libraries the server leans on that this machine does not have."""
    yield from (SERVER, CLIENT, f"{CLIENT}-core")
    asked = debian_packages.ask("apt-cache", "depends", "--no-recommends", "--no-suggests", SERVER, refuse=_no_mariadb)
    for line in asked.splitlines():
        kind, _, package = line.strip().partition(": ")
        if kind == "Depends" and package.startswith("lib") and not _has(package):
            yield package


def _has(package: str) -> bool:
    asked = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package],
        check=False,
        capture_output=True,
        text=True,
    )
    return asked.stdout == "installed"


def _no_mariadb(why: str) -> RehearsalFailure:
    return RehearsalFailure(
        "A rehearsal with MySQL needs MariaDB, which this machine does not have.",
        why,
        f"Install the packages {SERVER} and {CLIENT}, for example: sudo apt-get install {SERVER} {CLIENT}",
    )


def _version(program: Path, variables: Mapping[str, str]) -> str:
    """What a program says of itself: `postgres (PostgreSQL) 16.2`, `mariadbd  Ver 10.11.19-MariaDB-… for …`."""
    said = subprocess.run(
        [str(program), "--version"], check=True, capture_output=True, text=True, env={"PATH": "/usr/bin", **variables}
    )
    return next(word for word in said.stdout.split() if word[0].isdigit()).partition("-")[0]
