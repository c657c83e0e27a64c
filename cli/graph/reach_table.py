"""The table of what each part of an environment reaches outside of its VPC, in columns."""

from collections.abc import Sequence

from cli.terminal.screen import columns
from compiler.reach import Reach

_HEADING = ("WHO", "REACHES", "BY", "FOR")
_NO_WAY = "no way"


def reach_table(found: Sequence[Reach]) -> str:
    """Return the table; what has no way says so."""
    return columns([_HEADING, *((one.who, one.what, one.way or _NO_WAY, one.why) for one in found)])
