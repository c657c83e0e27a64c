"""Failures that a user can understand: what happened, why, and the next step."""

from dataclasses import dataclass


class Refusal(Exception):
    """A failure that a user can understand and act on; the command line prints it and exits with `exit_code`."""

    exit_code = 1

    def __init__(self, what: str, *, why: str = "", next_step: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.next_step = next_step

    def __str__(self) -> str:
        return "\n".join(line for line in (self.what, self.why, self.next_step) if line)


MAXIMUM_FAULTS = 50
"""As many as somebody reads; the rest is counted."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One mistake in a file, at its place.

    `line` and `column` count from 1; line 0 stands for the file as a whole. `text` is what the user wrote there,
    `hint` what would be right.
    """

    file: str
    line: int = 0
    column: int = 0
    path: str = ""
    text: str = ""
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        subject = f"{place}: {self.path}" if self.path else place
        return f"{subject}: {self.message}" + (f"\n    {self.hint}" if self.hint else "")


class SpecRefusal(Refusal):
    """The environment YAML cannot be used; carries the first faults, and how many more there are."""

    exit_code = 2

    def __init__(self, faults: tuple[Fault, ...], more: int = 0) -> None:
        shown, more = faults[:MAXIMUM_FAULTS], more + len(faults[MAXIMUM_FAULTS:])
        lines = [*map(str, shown), *([f"… and {more} more"] if more else [])]
        super().__init__(_headline(shown, more), why="\n".join(lines))
        self.faults = shown
        self.more = more


def _headline(faults: tuple[Fault, ...], more: int) -> str:
    files = {fault.file for fault in faults}
    if all(fault.line == 0 for fault in faults):
        return f"{' and '.join(sorted(files))} cannot be used"
    total = len(faults) + more
    count = "1 mistake" if total == 1 else f"{total} mistakes"
    return f"{faults[0].file} has {count}" if len(files) == 1 else f"{len(files)} files have {count}"
