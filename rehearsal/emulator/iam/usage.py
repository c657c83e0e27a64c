"""Which statements of which roles have allowed something: one line of JSON each in the emulator's directory."""

import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from rehearsal.emulator.rules import json_lines

FILE_NAME = "statements.jsonl"


@dataclass(frozen=True, kw_only=True)
class Use:
    """A statement that allowed an action to a principal."""

    who: str
    """The ARN of the role's session without the name of the session, or of another principal."""
    statement: str
    """Its Sid; empty when it has none."""
    action: str


class Usage:
    """Notes each use once."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / FILE_NAME
        self._seen: set[Use] = set()
        self._lock = threading.Lock()

    def note(self, arn: str, statement: str, action: str) -> None:
        """Note that a statement allowed an action to the principal with this ARN."""
        use = Use(who=role_of(arn), statement=statement, action=action)
        with self._lock:
            if use in self._seen:
                return
            self._seen.add(use)
        json_lines.append(self._file, asdict(use))


def read(directory: Path) -> tuple[Use, ...]:
    """Return the uses so far, in the order in which they were first seen."""
    return tuple(Use(**entry) for entry in json_lines.entries(directory / FILE_NAME))


def role_of(arn: str) -> str:
    """Return the ARN of a role's session without the name of the session; other ARNs as they are."""
    return arn.rpartition("/")[0] if ":assumed-role/" in arn else arn
