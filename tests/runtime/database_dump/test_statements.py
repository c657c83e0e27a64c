"""A dump of pg_dump falls into SQL and rows; what only its own server had is left out."""

from itertools import islice

import pytest

from runtime.database_dump.statements import DumpError, Rows, statements

DUMP = rb"""--
-- PostgreSQL database dump
--

\restrict x
SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);
CREATE SCHEMA public;
ALTER SCHEMA public OWNER TO ann;
CREATE TABLE public.t (
    a text
);
ALTER TABLE public.t OWNER TO ann;
COPY public.t (a) FROM stdin;
\N
GRANT of rights is a row here
x
\.
COPY public.empty (a) FROM stdin;
\.
GRANT ALL ON TABLE public.t TO ann;
ALTER TABLE ONLY public.t ADD CONSTRAINT t_a UNIQUE (a);
"""


def _read(dump: bytes) -> list[str]:
    return [
        f"{each.table}: {each.lines.read().decode()}" if isinstance(each, Rows) else each.strip()
        for each in statements(dump.splitlines(keepends=True))
    ]


def test_sql_and_rows_come_in_their_order() -> None:
    """A row may look like a statement; roles, other settings and commands of psql are left out."""
    schema, rows, between, none, end = _read(DUMP)
    assert "client_encoding" in schema
    assert "CREATE TABLE public.t" in schema
    assert [word for word in ("OWNER", "timeout", "restrict", "CREATE SCHEMA") if word in schema] == []
    assert rows == "public.t: \\N\nGRANT of rights is a row here\nx\n"
    assert (between, none) == ("", "public.empty: ")
    assert end == "ALTER TABLE ONLY public.t ADD CONSTRAINT t_a UNIQUE (a);"


def test_a_row_that_is_larger_than_a_buffer_comes_whole() -> None:
    """An XCom may hold megabytes."""
    row = b"x" * 300_000 + b"\n"
    _, rows = list(islice(statements([b"COPY public.t (a) FROM stdin;\n", row, row, b"\\.\n"]), 2))
    assert isinstance(rows, Rows)
    assert rows.lines.read() == row + row


@pytest.mark.parametrize(
    ("dump", "why"),
    [
        (b"COPY public.t (a) FROM stdin;\nx\n", "ends in the middle"),
        (b"INSERT INTO public.t VALUES (1);\n", "--inserts"),
    ],
)
def test_a_dump_that_would_be_read_wrongly_is_refused(dump: bytes, why: str) -> None:
    """One that was cut off, and one whose rows could look like statements."""
    with pytest.raises(DumpError, match=why):
        _read(dump)
