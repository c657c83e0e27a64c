"""Reads a dump of another Airflow's database into the empty database of this one: all of it, or nothing.

`python -m windsock_runtime.database_dump.read BUCKET KEY` runs in a container of its own. The last part of the key is
the hash of the file. A database that has been filled says with which dump, so that a second run does nothing.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import sys
import tempfile
from typing import IO, TYPE_CHECKING, Any

import boto3
from airflow.configuration import conf
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import create_engine

from .statements import DumpError, Rows, statements

if TYPE_CHECKING:
    from collections.abc import Iterable

LOCK = 1987_0420
"""The number of the lock that two runs at once wait for."""

MARK = "Windsock read the dump "
"""Begins the comment of a database that was filled."""

_GZIP = b"\x1f\x8b"
_BLOCK = 1 << 20
_FILLED = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
_HAS_AIRFLOW = "SELECT to_regclass('public.alembic_version') IS NOT NULL"
_ENCRYPTED = (
    "SELECT 'connection ' || conn_id, password FROM public.connection WHERE is_encrypted AND password <> '' UNION ALL "
    "SELECT 'connection ' || conn_id || ' (extra)', extra FROM public.connection WHERE is_extra_encrypted "
    "AND extra <> '' UNION ALL SELECT 'variable ' || key, val FROM public.variable WHERE is_encrypted AND val <> ''"
)


def main() -> None:
    """Fetch the dump and read it."""
    bucket, key = sys.argv[1:]
    name = key.rpartition("/")[2]
    with tempfile.TemporaryFile() as file:
        boto3.client("s3").download_fileobj(bucket, key, file)
        _refuse_changed(file, name)
        database = create_engine(conf.get("database", "sql_alchemy_conn")).raw_connection().driver_connection
        try:
            with database, database.cursor() as at:
                print(fill(at, _lines(file), name), flush=True)  # noqa: T201  # its output goes to the log
        except DumpError as error:
            sys.exit(str(error))


def fill(at: Any, lines: Iterable[bytes], name: str) -> str:
    """Read the dump `name` within a transaction, and return a sentence. Raises `DumpError`."""
    at.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
    filled = (_one(at, _FILLED) or "").partition(MARK)[2]
    if filled == name:
        return "The database has been filled with this dump before."
    if filled or _one(at, _HAS_AIRFLOW):
        raise DumpError("The database is not empty: a dump is read into a new one only.")
    tables = [_run(at, each) for each in statements(lines)]
    if not _one(at, _HAS_AIRFLOW):
        raise DumpError("The dump has no table public.alembic_version: it is of no database of Airflow.")
    _refuse_other_key(at)
    at.execute("SELECT quote_ident(current_database())")
    at.execute(f"COMMENT ON DATABASE {at.fetchone()[0]} IS %s", (f"{MARK}{name}",))
    return f"Read {sum(tables)} rows."


def _run(at: Any, piece: str | Rows) -> int:
    """Execute a piece of the dump, and return how many rows it brings."""
    table = piece.table if isinstance(piece, Rows) else ""
    try:
        if isinstance(piece, Rows):
            at.copy_expert(piece.statement, piece.lines)
            return int(at.rowcount)
        if piece:
            at.execute(piece)
    except at.connection.Error as error:
        # What PostgreSQL says of rows quotes them.
        why = f"code {error.pgcode}" if table else error.diag.message_primary
        raise DumpError(f"PostgreSQL does not take {f'the rows of {table}' if table else 'the dump'}: {why}") from None
    return 0


def _refuse_other_key(at: Any) -> None:
    """Refuse a Fernet key that does not read what the dump has encrypted."""
    at.execute(_ENCRYPTED)
    keys = MultiFernet([Fernet(key) for key in conf.get("core", "fernet_key").split(",")])
    values = at.fetchall()
    if unread := [name for name, value in values if not _reads(keys, value)]:
        names = ", ".join(sorted(unread))
        raise DumpError(f"The Fernet key does not read {len(unread)} of {len(values)} encrypted values: {names}")


def _reads(keys: MultiFernet, value: str) -> bool:
    try:
        keys.decrypt(value.encode())
    except InvalidToken:
        return False
    return True


def _one(at: Any, query: str) -> Any:
    at.execute(query)
    return at.fetchone()[0]


def _refuse_changed(file: IO[bytes], name: str) -> None:
    found = hashlib.sha256()
    file.seek(0)
    while block := file.read(_BLOCK):
        found.update(block)
    if found.hexdigest() != name:
        sys.exit("The dump in the bucket was changed after it was uploaded; it is not used.")


def _lines(file: IO[bytes]) -> Iterable[bytes]:
    """Return the lines of a file, unpacked if need be."""
    file.seek(0)
    packed = file.read(len(_GZIP)) == _GZIP
    file.seek(0, os.SEEK_SET)
    return gzip.GzipFile(fileobj=file) if packed else file


if __name__ == "__main__":
    main()
