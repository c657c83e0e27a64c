"""The page of the faults that were planted in a running environment, each with its first cause and the seconds."""

import re
from typing import Any

from spec.reading.load import load
from tests.life.diagnosing.roster import FAULTS, FAULTY, OF_CALLER
from tests.life.kept import ROOT

PAGE = ROOT / "docs" / "diagnosis-figures.md"
HEAD = """\
# Faults in a running environment

`make endurance` plants faults in a rehearsal of Airflow {release} one after the other: it revokes, deletes, stops or
changes something, or pushes broken code. It looks that `windsock diagnose` names each first, and that nothing is wrong
once it is taken back. With `--regold` it writes this page. {count} of {all} have been seen so.

The seconds begin when the fault is planted and end with the first diagnosis that names it. The machine had more to do.

| what somebody did | what the diagnosis says first | where | seconds |
|---|---|---|---|
"""
_BROUGHT_BY = re.compile(r" \(/[^)]*\.py\)")
"""Where a module lies on the machine that rehearses, as Python says of a name that it does not have."""
ROW = re.compile(r"^\| (?P<planted>[^|]+) \|", re.MULTILINE)
ORDER = (*OF_CALLER, *(fault.planted for fault in FAULTS))


def seen() -> dict[str, str]:
    """Return the rows of the page, by what somebody did."""
    lines = PAGE.read_text(encoding="utf-8").splitlines() if PAGE.is_file() else []
    rows = {match["planted"]: line for line in lines if (match := ROW.match(line))}
    return {planted: rows[planted] for planted in ORDER if planted in rows}


def note(planted: str, first: dict[str, Any], seconds: float) -> None:
    """Write a row of the page."""
    place = str(first["key"] or first["place"])
    where = f"`{place}`" if place else ""
    what = _BROUGHT_BY.sub("", first["what"])
    rows = {**seen(), planted: f"| {planted} | {what} | {where} | {seconds:.0f} |"}
    release = load(ROOT / FAULTY).airflow.version
    head = HEAD.format(release=release, count=len(rows), all=len(ORDER))
    PAGE.write_text(head + "".join(f"{rows[one]}\n" for one in ORDER if one in rows), encoding="utf-8")
