"""Reads the table "Requirements" in the README of a release: Pythons, and versions of database engines."""

import re
from collections.abc import Iterator, Mapping

from spec.errors import Refusal
from spec.releases.engines import EngineName

_HEAD = "Main version"
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
    """Return the cells of the column of the stable version, by the first of their row."""
    rows = [_cells(line) for line in metadata.splitlines() if line.startswith("|")]
    start = next((at for at, row in enumerate(rows) if len(row) > 2 and row[1].startswith(_HEAD)), None)  # noqa: PLR2004  # name, main, stable
    table = {row[0]: row[2] for row in rows[start:] if len(row) > 2} if start is not None else {}  # noqa: PLR2004  # see above
    if not {"Python", *_ROWS} <= table.keys():
        raise Refusal(
            'The README of this release has no table "Requirements" as other releases have it.',
            next_step="Write the file of the release by hand, as those in Windsock's spec/releases/known.",
        )
    return table


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def _versions(cell: str) -> Iterator[str]:
    return (word for word in re.split(r"[,\s]+", cell) if re.fullmatch(r"\d+(\.\d+)*", word))
