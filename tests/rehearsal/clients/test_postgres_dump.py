"""A dump in any format reaches psql as SQL without commands, and what psql says of it is judged.

Programs of a test stand for PostgreSQL's; tests/life/test_upgrades.py reads a real dump.
"""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from rehearsal.clients.postgres_dump import Instance, ask, find_programs, read_dump
from rehearsal.host.errors import RehearsalFailure

DATA = "COPY public.t (a) FROM stdin;\n\\N\nx\n\\.\n"
PLAIN = f"SET client_encoding = 'UTF8';\n\\restrict x\n\\! rm -rf /\n{DATA}\\connect y\n"
AS_SQL = f"SET client_encoding = 'UTF8';\n{DATA}"
PSQL = """#!/bin/sh
echo "$@" >> {folder}/asked
case "$*" in
  *" -c "*) printf 'a\\037b\\nc\\037d\\n';;
  *) cat > {folder}/read; printf '%s' "{says}" >&2;;
esac
exit {code}
"""
Make = Callable[..., Instance]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Return what makes an instance whose psql says something and ends with a code."""

    def make(says: str = "", code: int = 0) -> Instance:
        for name, text in (
            ("psql", PSQL.format(folder=tmp_path, says=says, code=code)),
            ("pg_restore", '#!/bin/sh\nfor last; do :; done\ntail -c +6 "$last"\n[ -s "$last" ]\n'),
        ):
            (tmp_path / name).write_text(text, encoding="utf-8")
            (tmp_path / name).chmod(0o755)
        return Instance(socket=tmp_path, programs=tmp_path, user="u", password="p", database="d")

    return make


def _file(folder: Path, content: bytes) -> Path:
    file = folder / "dump"
    file.write_bytes(content)
    return file


@pytest.mark.parametrize(
    "content",
    [PLAIN.encode(), gzip.compress(PLAIN.encode()), b"PGDMP" + PLAIN.encode()],
    ids=["plain", "gzip", "custom"],
)
def test_every_format_is_read_without_commands(make: Make, tmp_path: Path, content: bytes) -> None:
    """A line of data may begin with a backslash; any other such line is a command of psql."""
    read_dump(make(), _file(tmp_path, content))
    assert (tmp_path / "read").read_text(encoding="utf-8") == AS_SQL
    assert "DROP SCHEMA public CASCADE" in (tmp_path / "asked").read_text(encoding="utf-8")


def test_owners_that_there_are_not_do_no_harm(make: Make, tmp_path: Path) -> None:
    """The instance has its own master user; a newer pg_dump sets what an older server does not know."""
    says = 'psql:1: ERROR:  role \\"ann\\" does not exist\npsql:2: ERROR:  unrecognized configuration parameter \\"x\\"'
    read_dump(make(says), _file(tmp_path, PLAIN.encode()))


def test_what_is_not_taken_is_told(make: Make, tmp_path: Path) -> None:
    """With the words of PostgreSQL."""
    with pytest.raises(RehearsalFailure, match="does not take") as failure:
        read_dump(make("psql:1: ERROR:  syntax error at SELEC"), _file(tmp_path, PLAIN.encode()))
    assert failure.value.why == "syntax error at SELEC"


def test_a_dump_of_mysql_is_refused(make: Make, tmp_path: Path) -> None:
    """Whatever its version."""
    with pytest.raises(RehearsalFailure, match="is a dump of MySQL"):
        read_dump(make(), _file(tmp_path, b"-- MariaDB dump 10.19\n"))


def test_an_archive_that_is_not_read_is_told(make: Make, tmp_path: Path) -> None:
    """Such as one of a newer pg_dump."""
    instance = make()
    (tmp_path / "pg_restore").write_text("#!/bin/sh\necho unsupported version >&2\nexit 1\n", encoding="utf-8")
    with pytest.raises(RehearsalFailure, match="pg_restore does not read") as failure:
        read_dump(instance, _file(tmp_path, b"PGDMP"))
    assert failure.value.why == "unsupported version"


def test_a_query_has_rows_or_a_reason(make: Make) -> None:
    """Fields are told apart by a sign that no text has."""
    assert ask(make(), "SELECT 1") == [["a", "b"], ["c", "d"]]
    with pytest.raises(RehearsalFailure, match="did not answer"):
        ask(make(code=2), "SELECT 1")


def test_programs_are_found_in_the_environment(tmp_path: Path) -> None:
    """Whatever its Python."""
    place = tmp_path / "lib/python3.12/site-packages/pgserver/pginstall/bin"
    with pytest.raises(RehearsalFailure, match="none of PostgreSQL's programs"):
        find_programs(tmp_path)
    place.mkdir(parents=True)
    assert find_programs(tmp_path) == place
