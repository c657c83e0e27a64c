"""Splits a plain dump of pg_dump into statements and rows, and leaves out what only its own server had."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

COPY = re.compile(rb"COPY (?P<table>\S+) .*FROM stdin;\s*")
END_OF_ROWS = b"\\."

LEFT_OUT = re.compile(
    rb"\\|"  # a command of psql
    rb"SET (?!client_encoding|standard_conforming_strings)|"  # an older server does not know each
    rb"ALTER .* OWNER TO |ALTER DEFAULT PRIVILEGES |GRANT |REVOKE |"
    rb"(CREATE|ALTER|DROP) DATABASE |CREATE SCHEMA public;|(CREATE|COMMENT ON) EXTENSION |COMMENT ON SCHEMA "
)
"""How the lines begin that name roles, databases or settings; pg_dump writes each as one line."""


class DumpError(Exception):
    """A dump cannot be read; the text quotes no row of it."""


@dataclass(frozen=True)
class Rows:
    """The statement that takes rows of a table, and the rows, which have to be read before what follows."""

    table: str
    statement: str
    lines: io.BufferedReader


def statements(lines: Iterable[bytes]) -> Iterator[str | Rows]:
    """Yield SQL as it stands between rows, and the rows. Raises `DumpError`."""
    given, held = iter(lines), []
    for line in given:
        found = COPY.fullmatch(line)
        if line.startswith(b"INSERT INTO "):
            raise DumpError("The dump has its rows in INSERT statements: make it without --inserts.")
        if found is None:
            held += [] if LEFT_OUT.match(line) else [line]
            continue
        yield _text(held)
        held.clear()
        yield Rows(found["table"].decode(), line.decode(), io.BufferedReader(_Lines(_until_end(given))))
    yield _text(held)


def _text(lines: list[bytes]) -> str:
    has_sql = any(line.strip() and not line.startswith(b"--") for line in lines)
    return b"".join(lines).decode() if has_sql else ""


def _until_end(lines: Iterator[bytes]) -> Iterator[bytes]:
    for line in lines:
        if line.rstrip() == END_OF_ROWS:
            return
        yield line
    raise DumpError("The dump ends in the middle of a table.")


class _Lines(io.RawIOBase):
    """A file that has what an iterator yields."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines, self._rest = lines, b""

    def readable(self) -> bool:
        """Return true."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer as far as the next line reaches."""
        self._rest = self._rest or next(self._lines, b"")
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size
