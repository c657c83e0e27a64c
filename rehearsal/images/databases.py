"""The stand-ins for official database images: PostgreSQL of the emulator's virtualenv, and MariaDB for MySQL."""

import hashlib
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rehearsal.host import namespaces
from rehearsal.host.errors import RehearsalFailure
from rehearsal.images import debian_packages, virtualenvs

SCRIPTS = Path(__file__).parent
ENTRY_POINT = "docker-entrypoint.sh"
POSTGRES_PROGRAMS = ("postgres", "initdb", "pg_isready", "psql", "pg_dump")
POSTGRES = "postgresql"
"""The package that depends on the server of the machine's release of Debian."""
SERVER, CLIENT = "mariadb-server-core", "mariadb-client"
MYSQL_PROGRAMS: Mapping[str, str] = {
    "mariadbd": "mariadbd",
    "mysql": "mariadb",
    "mysqladmin": "mariadb-admin",
    "mysqldump": "mariadb-dump",
}
"""MySQL's names of programs, and MariaDB's names."""
USR = Path("/usr")
SHARES = ("share/mariadb", "share/mysql")


@dataclass(frozen=True, kw_only=True)
class DatabaseImage:
    """A folder whose `bin` has the programs of an image; `mounts` are further folders that they need."""

    environment: Path
    server: str
    """The program that really runs, such as `PostgreSQL 16.2`."""
    mounts: tuple[Path, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def entrypoint(self) -> tuple[str, ...]:
        """The image's own entry point, found on its PATH."""
        return (ENTRY_POINT,)


def postgres_image(cache: Path) -> DatabaseImage:
    """Return the stand-in for `postgres` of any version: PostgreSQL of this machine, or of Debian's packages.

    That of the emulator's instances speaks no TLS. Raises `RehearsalFailure` where neither is available.
    """
    prefix = USR if _postgres_folders(USR) else unpack_postgres(cache)
    folder = max(_postgres_folders(prefix))[1]
    programs = {name: folder / name for name in POSTGRES_PROGRAMS}
    image = _make_image(cache, "postgres", programs, {ENTRY_POINT: "postgres.sh"})
    variables = _libraries(prefix)
    server = f"PostgreSQL {_version(programs['postgres'], variables)}"
    mounts = () if prefix == USR else (prefix,)
    return DatabaseImage(environment=image, server=server, mounts=mounts, variables=variables)


def mysql_image(cache: Path) -> DatabaseImage:
    """Return the stand-in for `mysql`: MariaDB of this machine, or of Debian's packages, unpacked into the cache.

    Raises:
        RehearsalFailure: neither is available.
    """
    prefix = _installed() or unpack_mariadb(cache)
    programs = {name: _program(prefix, own) for name, own in MYSQL_PROGRAMS.items()}
    image = _make_image(cache, "mysql", programs, {ENTRY_POINT: "mysql.sh", "mysqld": "mysqld.sh"})
    share = next(prefix / share for share in SHARES if list((prefix / share).glob("*_system_tables.sql")))
    variables = {"MARIADB_SHARE": str(share), **_libraries(prefix)}
    mounts = () if prefix == USR else (prefix,)
    server = f"MariaDB {_version(programs['mariadbd'], variables)}"
    return DatabaseImage(environment=image, server=server, mounts=mounts, variables=variables)


def unpack_mariadb(cache: Path) -> Path:
    """Fetch MariaDB's packages once and return their `usr`; nothing is installed, so it needs no root.

    Raises:
        RehearsalFailure: this machine cannot fetch the packages.
    """
    return debian_packages.unpack(cache / "mariadb", _packages(), _no_mariadb)


def unpack_postgres(cache: Path) -> Path:
    """Fetch PostgreSQL's packages once and return their `usr`, as above.

    Raises:
        RehearsalFailure: this machine cannot fetch the packages.
    """
    return debian_packages.unpack(cache / "postgresql", _postgres_packages(), _no_postgres)


def _make_image(cache: Path, name: str, programs: Mapping[str, Path], scripts: Mapping[str, str]) -> Path:
    """Make the folder of an image; its name depends on its content."""
    content = hashlib.sha256(repr(sorted((key, str(path)) for key, path in programs.items())).encode())
    for script in scripts.values():
        content.update((SCRIPTS / script).read_bytes())
    folder = cache / f"image-{name}-{content.hexdigest()[: virtualenvs.HASH_CHARACTERS]}"
    with virtualenvs.exclusive(cache / f"{folder.name}.lock"):
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
    return USR if all(program and program.startswith("/usr/") for program in found) else None


def _program(prefix: Path, name: str) -> Path:
    return next(prefix / folder / name for folder in ("bin", "sbin") if (prefix / folder / name).exists())


def _postgres_folders(prefix: Path) -> list[tuple[int, Path]]:
    """Return the folders with a server and its programs, by major version."""
    found = (file.parent for file in prefix.glob("lib/postgresql/*/bin/postgres"))
    return [(int(folder.parent.name), folder) for folder in found if folder.parent.name.isdecimal()]


def _libraries(prefix: Path) -> dict[str, str]:
    """Return the variable that leads to the libraries of unpacked packages."""
    folders = sorted((prefix / "lib").glob("*-linux-gnu*"))
    return {} if prefix == USR else {"LD_LIBRARY_PATH": ":".join(map(str, folders))}


def _packages() -> Iterator[str]:
    """Yield the server, the client, and the libraries of the server that this machine does not have."""
    yield from (SERVER, CLIENT, f"{CLIENT}-core")
    yield from _missing_libraries(SERVER, _no_mariadb)


def _postgres_packages() -> Iterator[str]:
    """Yield the same for PostgreSQL, whose packages have its version in their names."""
    server = next(name for name in _depends(POSTGRES, _no_postgres) if name.startswith(f"{POSTGRES}-"))
    yield from (server, server.replace(POSTGRES, f"{POSTGRES}-client", 1))
    yield from _missing_libraries(server, _no_postgres)


def _missing_libraries(package: str, refuse: debian_packages.Refuse) -> Iterator[str]:
    return (name for name in _depends(package, refuse) if name.startswith("lib") and not _has(name))


def _depends(package: str, refuse: debian_packages.Refuse) -> Iterator[str]:
    done = debian_packages.ask("apt-cache", "depends", "--no-recommends", "--no-suggests", package, refuse=refuse)
    for line in done.splitlines():
        kind, _, name = line.strip().partition(": ")
        if kind == "Depends":
            yield name


def _has(package: str) -> bool:
    done = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package],
        check=False,
        capture_output=True,
        text=True,
    )
    return done.stdout == "installed"


def _no_mariadb(why: str) -> RehearsalFailure:
    return RehearsalFailure(
        "A rehearsal with MySQL needs MariaDB, which this machine does not have.",
        why,
        f"Install the packages {SERVER} and {CLIENT}, for example: sudo apt-get install {SERVER} {CLIENT}",
    )


def _no_postgres(why: str) -> RehearsalFailure:
    return RehearsalFailure(
        "A rehearsal with PostgreSQL in a container needs a PostgreSQL with TLS, which this machine does not have.",
        why,
        f"Install the package {POSTGRES}, for example: sudo apt-get install {POSTGRES}",
    )


def _version(program: Path, variables: Mapping[str, str]) -> str:
    """Read the version from a program's output: `postgres (PostgreSQL) 16.2`, `mariadbd  Ver 10.11.19-MariaDB-…`."""
    said = subprocess.run(
        [str(program), "--version"], check=True, capture_output=True, text=True, env={"PATH": "/usr/bin", **variables}
    )
    return next(word for word in said.stdout.split() if word[0].isdigit()).partition("-")[0]
