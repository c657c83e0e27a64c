"""Opens tunnels into a kept rehearsal, and takes dumps of its database and reads them back through one."""

import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from cli.terminal.cache_dir import cache_root
from rehearsal.images.databases import mysql_image, postgres_image
from tests.life.kept import ROOT, WINDSOCK, Kept

IMAGES = {"psql": postgres_image, "mysql": mysql_image}
"""The images that have the programs of an engine, by the client that `tunnel` names."""
DUMPS: Mapping[str, Sequence[str]] = {
    "psql": ("pg_dump", "--clean", "--if-exists"),
    "mysql": ("mysqldump", "--single-transaction", "--no-tablespaces"),
}
"""What writes a dump, as docs/database.md has it."""


@contextmanager
def tunnel(kept: Kept, *arguments: str) -> Iterator[dict[str, str]]:
    """Open a tunnel on a free port and give what it prints; an interrupt closes it, and that is a good end."""
    command = [WINDSOCK, "tunnel", str(kept.environment), *arguments, "--port", "0"]
    variables, pipe = {**os.environ, **kept.variables}, subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=variables, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield _read_printed(process, lines=1 if "web" in arguments else 3 if "--show-password" in arguments else 2)
        finally:
            process.terminate()
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out) == (0, "")
        assert "The tunnel is closed." in err


def _read_printed(process: subprocess.Popen[str], lines: int) -> dict[str, str]:
    """Wait until the tunnel is open, then read so many lines of its output."""
    assert process.stdout
    assert process.stderr
    for line in process.stderr:
        if line.startswith("Open at "):
            break
    return dict(re.split(r" {2,}", process.stdout.readline().strip(), maxsplit=1) for _ in range(lines))


def database_password(kept: Kept, command: str) -> str:
    """Read the database's password as the printed command would."""
    arn = command.split("--secret-id ")[1].split(maxsplit=1)[0]
    printed = json.loads(kept.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])
    return str(printed["password"])


def write_dump(kept: Kept, file: Path) -> None:
    """Write a dump of the database through a tunnel."""
    with tunnel(kept) as printed, file.open("wb") as target:
        client = shlex.split(printed["connect"])[0]
        _run(kept, printed, *DUMPS[client], stdout=target.fileno())


def read_dump(kept: Kept, file: Path) -> None:
    """Read a dump into the database through a tunnel."""
    with tunnel(kept) as printed, file.open("rb") as source:
        client = shlex.split(printed["connect"])[0]
        stop = {"psql": ("--set=ON_ERROR_STOP=1", "--quiet"), "mysql": ()}[client]
        _run(kept, printed, client, *stop, stdin=source.fileno())


def _run(
    kept: Kept,
    printed: Mapping[str, str],
    program: str,
    *options: str,
    stdin: int | None = None,
    stdout: int | None = None,
) -> None:
    """Run a program of the engine with the printed arguments and the password from where it is said to be."""
    client, *arguments = shlex.split(printed["connect"])
    image = IMAGES[client](cache_root(os.environ) / "environments")
    # The programs of MariaDB, which stand for those of MySQL, do not encrypt by themselves.
    tls = {"psql": (), "mysql": ("--ssl", "--skip-ssl-verify-server-cert")}[client]
    where = [argument for argument in arguments if argument != "--password"]
    password = database_password(kept, printed["password"])
    done = subprocess.run(
        [str(image.environment / "bin" / program), *options, *tls, *where],
        env={**image.variables, "PATH": os.environ["PATH"], "PGPASSWORD": password, "MYSQL_PWD": password},
        check=False,
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
