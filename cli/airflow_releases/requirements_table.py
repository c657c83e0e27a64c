"""Reads the table "Requirements" in the README of a release: Pythons, and versions of database engines."""

import re
from collections.abc import Iterator, Mapping

from spec.errors import Refusal
from spec.releases.engines import EngineName

_HEAD = "Main version"
_VERSION = re.compile(r"^Version: (\d+\.\d+\.)", re.MULTILINE)
_ROWS: Mapping[str, EngineName] = {"PostgreSQL": "postgres", "MySQL": "mysql"}
_FULL: Mapping[str, str] = {"8": "8.0"}
"""What older tables call a version otherwise than its image is called."""


def pythons(metadata: str) -> tuple[str, ...]:
    """Return the Pythons that the release was tested with, oldest first. Raises `Refusal` without a table."""
    return tuple(_versions(_table(metadata)["Python"]))


def databases(metadata: str) -> Mapping[EngineName, tuple[str, ...]]:
    """Return the engine versions likewise, without MySQL's innovation releases."""
    table = _table(metadata)
    return {engine: tuple(_FULL.get(one, one) for one in _versions(table[row])) for row, engine in _ROWS.items()}


def _table(metadata: str) -> Mapping[str, str]:
    """Return the cells of the release's own column, by the first of their row."""
    rows = [_cells(line) for line in metadata.splitlines() if line.startswith("|")]
    start = next((at for at, row in enumerate(rows) if len(row) > 2 and row[1].startswith(_HEAD)), None)  # noqa: PLR2004  # name, main, stable
    column = _column(rows[start], metadata) if start is not None else 0
    table = {row[0]: row[column] for row in rows[start:] if len(row) > column} if column else {}
    if not {"Python", *_ROWS} <= table.keys():
        raise Refusal(
            'The README of this release has no table "Requirements" as other releases have it.',
            next_step="Write the file of the release by hand, as those in Windsock's spec/releases/known.",
        )
    return table


def _column(head: list[str], metadata: str) -> int:
    """Return the column of the release's minor version; without one, that of the newest stable version."""
    version = _VERSION.search(metadata)
    own = f"({version[1]}" if version else ""
    return next((at for at, name in enumerate(head) if own and own in name), 2)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def _versions(cell: str) -> Iterator[str]:
    return (word for word in re.split(r"[,\s]+", cell) if re.fullmatch(r"\d+(\.\d+)*", word))
