"""Pages of figures that long tests write row by row, with --regold alone; the rows of other tests stay."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_ROW = re.compile(r"^\| (?P<key>[^|]+) \|", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class FigurePage:
    """A page below `docs/` whose table has a row for each of `keys`, in their order, as far as they were seen.

    `head` is all that stands before the first row, with `{count}` and `{all}` for the rows that there are and can be.
    """

    name: str
    head: str
    keys: tuple[str, ...]

    @property
    def file(self) -> Path:
        """Where it is."""
        return ROOT / "docs" / self.name

    def rows(self) -> dict[str, str]:
        """Return the rows that were seen, by their keys."""
        text = self.file.read_text(encoding="utf-8") if self.file.is_file() else ""
        found = {match["key"]: line for line in text.splitlines() if (match := _ROW.match(line))}
        return {key: found[key] for key in self.keys if key in found}

    def note(self, key: str, *cells: object) -> None:
        """Write the row of a key."""
        rows = {**self.rows(), key: f"| {' | '.join(map(str, (key, *cells)))} |"}
        head = self.head.format(count=len(rows), all=len(self.keys))
        self.file.write_text(head + "".join(f"{rows[one]}\n" for one in self.keys if one in rows), encoding="utf-8")
