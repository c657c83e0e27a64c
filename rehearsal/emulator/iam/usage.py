"""Which statements of which roles have allowed something: one line of JSON each in the emulator's directory."""

import json
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

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
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(use)) + "\n")


def read(directory: Path) -> tuple[Use, ...]:
    """Return the uses so far, in the order in which they were first seen."""
    file = directory / FILE_NAME
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return tuple(Use(**json.loads(line)) for line in lines)


def role_of(arn: str) -> str:
    """Return the ARN of a role's session without the name of the session; other ARNs as they are."""
    return arn.rpartition("/")[0] if ":assumed-role/" in arn else arn
