"""A dump comes into an empty database, whole, once, and with the key that reads it; tests/life reads a real one.

A cursor of the test answers in the place of PostgreSQL.
"""

import gzip
import hashlib
from pathlib import Path

import pytest

from spec.releases.table import NEWEST
from tests.runtime.conftest import Home

pytestmark = pytest.mark.airflow

KEY, OTHER = f"{'A' * 43}=", f"{'B' * 43}="
SCRIPT = """
import sys
from cryptography.fernet import Fernet
from windsock_runtime.database_dump.read import DumpError, fill

class Refused(Exception):
    pgcode = "22P02"
    class diag:
        message_primary = "syntax error"

class Cursor:
    def __init__(self, comment=None, tables=False, bad=""):
        self.comment, self.tables, self.bad, self.done, self.rowcount = comment, tables, bad, [], 0
        self.connection = type("Connection", (), {"Error": Refused})
    def execute(self, sql, values=()):
        self.done.append((sql, values))
        if self.bad and self.bad in sql:
            raise Refused("quotes row-of-somebody")
        self.tables = self.tables or "CREATE TABLE public.alembic_version" in sql
        self.answer = {"SELECT shobj": self.comment, "SELECT to_regclass": self.tables, "SELECT quote": '"a"'}
        self.answer = next((value for begin, value in self.answer.items() if sql.startswith(begin)), None)
    def copy_expert(self, sql, rows):
        self.done.append((sql, rows.read()))
        self.rowcount = 2
        if self.bad and self.bad in sql:
            raise Refused("quotes row-of-somebody")
    def fetchone(self):
        return (self.answer,)
    def fetchall(self):
        return [("variable limit", Fernet(b"%s").encrypt(b"42").decode())]

DUMP = b"CREATE TABLE public.alembic_version (v text);\\nCOPY public.x (v) FROM stdin;\\na\\nb\\n\\\\.\\n"

def says(cursor, dump=DUMP):
    try:
        return fill(cursor, dump.splitlines(keepends=True), "abc")
    except DumpError as error:
        return f"refused: {error}"
"""


@pytest.fixture
def release() -> object:
    """Return the newest release alone: the program asks Airflow for two options."""
    return NEWEST


def _says(home: Home, *cursors: str, written_by: str = KEY) -> list[str]:
    calls = "\n".join(f"print(says({cursor}))" for cursor in cursors)
    return home.run(SCRIPT % written_by + calls, {"AIRFLOW__CORE__FERNET_KEY": KEY})


def test_a_dump_is_read_once_and_into_an_empty_database_alone(home: Home) -> None:
    """The database says itself which dump it has."""
    filled = "Cursor('Windsock read the dump {}', True)"
    assert _says(home, "Cursor()", filled.format("abc"), filled.format("xyz"), "Cursor(tables=True)") == [
        "Read 2 rows.",
        "The database has been filled with this dump before.",
        "refused: The database is not empty: a dump is read into a new one only.",
        "refused: The database is not empty: a dump is read into a new one only.",
    ]


def test_what_cannot_be_read_is_told_without_a_row(home: Home) -> None:
    """PostgreSQL would quote the row."""
    said = _says(home, "Cursor(bad='COPY')", "Cursor(bad='CREATE')", "Cursor(), b'SELECT 1;'")
    assert said == [
        "refused: PostgreSQL does not take the rows of public.x: code 22P02",
        "refused: PostgreSQL does not take the dump: syntax error",
        "refused: The dump has no table public.alembic_version: it is of no database of Airflow.",
    ]


def test_a_key_that_does_not_read_the_dump_is_refused(home: Home) -> None:
    """With the names of what it does not read, and no value."""
    (said,) = _says(home, "Cursor()", written_by=OTHER)
    assert said == "refused: The Fernet key does not read 1 of 1 encrypted values: variable limit"


def test_a_file_is_what_its_name_says_and_may_be_packed(home: Home, tmp_path: Path) -> None:
    """The bucket is open to whoever deploys."""
    file = tmp_path / "dump"
    file.write_bytes(gzip.compress(b"one\ntwo\n"))
    name = hashlib.sha256(file.read_bytes()).hexdigest()
    script = (
        "from windsock_runtime.database_dump import read\n"
        f"with open({str(file)!r}, 'rb') as file:\n"
        f"    read._refuse_changed(file, {name!r})\n"
        "    print(list(read._lines(file)))\n"
        "    try:\n"
        "        read._refuse_changed(file, 'another')\n"
        "    except SystemExit as error:\n"
        "        print(error)\n"
    )
    assert home.run(script) == [
        "[b'one\\n', b'two\\n']",
        "The dump in the bucket was changed after it was uploaded; it is not used.",
    ]
