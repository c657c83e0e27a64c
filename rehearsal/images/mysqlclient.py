"""The build of mysqlclient, which has no wheel for Linux: it needs MariaDB's client library and a C compiler."""

import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from rehearsal.host.errors import RehearsalFailure
from rehearsal.images import debian_packages
from rehearsal.images.virtualenvs import Source

REQUIREMENTS = Path(__file__).with_name("mysqlclient.txt")
LIBRARY, COMPILER = "libmariadb-dev", ("gcc", "libc6-dev")
HEADERS = "include/mariadb"
ARCHIVES = "lib/*/libmariadb.a"
# With versions, as programs find them when they run; the names without versions come with development packages.
SHARED_LIBRARIES = ("-l:libssl.so.3", "-l:libcrypto.so.3", "-l:libz.so.1")


def mysqlclient_source(cache: Path) -> Source:
    """Return the requirements to compile, and the variables of the build."""
    return Source(REQUIREMENTS, partial(build_variables, cache))


def build_variables(cache: Path, system: Path = Path("/usr")) -> Mapping[str, str]:
    """Return the variables with which the build finds the library: on this machine, or unpacked from Debian's package.

    The module contains the library, so a container needs no other file for it.

    Raises:
        RehearsalFailure: the library or a compiler is not available.
    """
    if not shutil.which("cc"):
        raise _cannot_build("This machine has no C compiler.")
    archive = _archive(system)
    if not archive:
        system = debian_packages.unpack(cache / "mariadb-client", [LIBRARY], _cannot_build)
        archive = _archive(system)
    if not archive:
        raise _cannot_build(f"{system} has no {ARCHIVES} with {HEADERS}.")
    return {
        "MYSQLCLIENT_CFLAGS": f"-I{system / HEADERS}",
        "MYSQLCLIENT_LDFLAGS": " ".join((str(archive), *SHARED_LIBRARIES)),
    }


def _archive(prefix: Path) -> Path | None:
    return next(prefix.glob(ARCHIVES), None) if (prefix / HEADERS / "mysql.h").exists() else None


def _cannot_build(why: str) -> RehearsalFailure:
    wanted = " ".join((LIBRARY, *COMPILER))
    return RehearsalFailure(
        "This release of Airflow wants mysqlclient for MySQL, which this machine cannot build.",
        why,
        f"Install the packages that are missing, for example: sudo apt-get install {wanted}",
    )
