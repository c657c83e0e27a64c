"""The page of the faults that were planted in a running environment, each with its first cause and the seconds."""

import re
from typing import Any

from spec.reading.load import load
from tests.figure_page import FigurePage
from tests.life.diagnosing.roster import FAULTS, FAULTY, OF_CALLER
from tests.life.kept import ROOT

_BROUGHT_BY = re.compile(r" \(/[^)]*\.py\)")
"""Where a module lies on the machine that rehearses, as Python says of a name that it does not have."""
_RELEASE = load(ROOT / FAULTY).airflow.version
PAGE = FigurePage(
    name="diagnosis-figures.md",
    head=f"""\
# Faults in a running environment

`make endurance` plants faults in a rehearsal of Airflow {_RELEASE} one after the other: it revokes, deletes, stops or
changes something, or pushes broken code. It looks that `windsock diagnose` names each first, and that nothing is wrong
once it is taken back. With `--regold` it writes this page. {{count}} of {{all}} have been seen so.

The seconds begin when the fault is planted and end with the first diagnosis that names it. The machine had more to do.

| what somebody did | what the diagnosis says first | where | seconds |
|---|---|---|---|
""",
    keys=(*OF_CALLER, *(fault.planted for fault in FAULTS)),
)


def note(planted: str, first: dict[str, Any], seconds: float) -> None:
    """Write a row of the page."""
    place = str(first["key"] or first["place"])
    what = _BROUGHT_BY.sub("", first["what"])
    PAGE.note(planted, what, f"`{place}`" if place else "", f"{seconds:.0f}")
