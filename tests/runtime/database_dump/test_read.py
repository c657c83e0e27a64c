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

SCRIPT = """
import sys
from cryptography.fernet import Fernet
from windsock_runtime.database_dump.read import DumpError, fill

class Refused(Exception):
    pgcode = "22P02"
    class diag:
        message_primary = "syntax error"

class Cursor:
    def __init__(self, comment=None, tables=False, bad="", key=b"A" * 43 + b"="):
        self.key, self.comment, self.tables, self.bad, self.done, self.rowcount = key, comment, tables, bad, [], 0
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
        return [("variable limit", Fernet(self.key).encrypt(b"42").decode())]

DUMP = b"CREATE TABLE public.alembic_version (v text);\\nCOPY public.x (v) FROM stdin;\\na\\nb\\n\\\\.\\n"

def says(cursor, dump=DUMP):
    try:
        return fill(cursor, dump.splitlines(keepends=True), "abc")
    except DumpError as error:
        return f"refused: {error}"
"""


@pytest.fixture(scope="module")
def release() -> object:
    """Return the newest release alone: the program asks Airflow for two options."""
    return NEWEST


NOT_EMPTY = "refused: The database is not empty: a dump is read into a new one only."
CASES = {
    "Cursor()": "Read 2 rows.",
    "Cursor('Windsock read the dump abc', True)": "The database has been filled with this dump before.",
    "Cursor('Windsock read the dump xyz', True)": NOT_EMPTY,
    "Cursor(tables=True)": NOT_EMPTY,
    "Cursor(bad='COPY')": "refused: PostgreSQL does not take the rows of public.x: code 22P02",
    "Cursor(bad='CREATE')": "refused: PostgreSQL does not take the dump: syntax error",
    "Cursor(), b'SELECT 1;'": "refused: The dump has no table public.alembic_version: it is of no database of Airflow.",
    "Cursor(key=b'B' * 43 + b'=')": "refused: The Fernet key does not read 1 of 1 encrypted values: variable limit",
}
"""What is said of a dump, by what PostgreSQL answers: it knows which dump it has, and quotes rows in its errors."""


def test_a_dump_is_read_whole_once_and_with_its_key(home: Home) -> None:
    """Into an empty database alone; what is wrong is told without a row, and a value without more than its name."""
    calls = "\n".join(f"print(says({case}))" for case in CASES)
    said = home.run(SCRIPT + calls, {"AIRFLOW__CORE__FERNET_KEY": f"{'A' * 43}="})
    assert said == list(CASES.values())


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
