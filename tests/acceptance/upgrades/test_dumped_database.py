"""The schema, the rows and the encrypted values of a database are asked of it; a program of a test answers."""

import sys
from pathlib import Path

import pytest

from acceptance.upgrades.dumped_database import rows, schema, unreadable
from rehearsal.clients.postgres_dump import Instance
from rehearsal.host.errors import RehearsalFailure


def _instance(folder: Path, *answers: str) -> Instance:
    """Return an instance whose psql gives one answer after the other."""
    for number, answer in enumerate(answers, start=1):
        (folder / f"answer{number}").write_text(answer, encoding="utf-8")
    program = folder / "psql"
    program.write_text(f"#!/bin/sh\ncd {folder}\necho x >> count\ncat answer$(wc -l < count)\n", encoding="utf-8")
    program.chmod(0o755)
    return Instance(socket=folder, programs=folder, user="u", password="p", database="d")


def test_the_schema_is_the_revision_of_airflow(tmp_path: Path) -> None:
    """A database without Airflow has none."""
    assert schema(_instance(tmp_path, "t\n", "290244fb8b83\n", "f\n")) == "290244fb8b83"
    assert schema(_instance(tmp_path, "t\n", "290244fb8b83\n", "f\n")) == ""


def test_every_table_is_counted(tmp_path: Path) -> None:
    """By its name; a database without tables has no rows."""
    assert rows(_instance(tmp_path, "SELECT 1\n", "dag_run\x1f12\nxcom\x1f0\n", "\n")) == {"dag_run": 12, "xcom": 0}
    assert rows(_instance(tmp_path, "SELECT 1\n", "dag_run\x1f12\nxcom\x1f0\n", "\n")) == {}


def _python(folder: Path) -> Path:
    """Return a Python whose `cryptography` reads what begins with one of the keys."""
    package = folder / "cryptography"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "fernet.py").write_text(
        "class InvalidToken(Exception): pass\n"
        "class Fernet:\n"
        "    def __init__(self, key):\n        self.key = key\n        assert key\n"
        "class MultiFernet:\n"
        "    def __init__(self, keys):\n        self.keys = keys\n"
        "    def decrypt(self, value):\n"
        "        if not any(value.startswith(key.key.encode()) for key in self.keys):\n"
        "            raise InvalidToken\n",
        encoding="utf-8",
    )
    program = folder / "python"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={folder} exec {sys.executable} "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return program


def test_what_the_key_does_not_read_is_named(tmp_path: Path) -> None:
    """By the kind and name of it, and never by its value; keys that were rotated are given with commas."""
    instance = _instance(tmp_path, "connection db\x1fold1\nvariable limit\x1fnew2\nvariable lost\x1fother\n")
    assert unreadable(instance, "new, old", _python(tmp_path)) == (3, ("variable lost",))


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    """With what a key looks like."""
    with pytest.raises(RehearsalFailure, match="no Fernet key"):
        unreadable(_instance(tmp_path, "variable limit\x1fnew2\n"), "", _python(tmp_path))
