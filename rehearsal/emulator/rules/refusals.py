"""What an emulator refused as AWS does: one line of JSON each in its directory, which every process can read."""

import time
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from rehearsal.emulator.rules import json_lines

FILE_NAME = "refusals.jsonl"


class Kind(StrEnum):
    """Which part of AWS refused."""

    SIGNATURE = "signature"
    PERMISSION = "permission"
    CONNECTION = "connection"
    LIMIT = "limit"


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """One refusal: who wanted to do what on which resource, and why not."""

    kind: Kind
    who: str
    """The ARN of a principal, or what a connection came from."""
    what: str
    """An action such as `ecs:RunTask`, or protocol and port such as `tcp 5432`."""
    resource: str
    """The ARN of the resource, or what a connection went to."""
    reason: str
    """The rest of the sentence as AWS words it, or the rule that is missing."""
    time: float = 0.0
    """When it was recorded, in seconds since 1970."""


def record(directory: Path, refusal: Refusal) -> None:
    """Add a refusal to the record of an emulator."""
    json_lines.append(directory / FILE_NAME, {**asdict(refusal), "time": round(time.time(), 3)})


def read(directory: Path, *, since: float = 0.0) -> tuple[Refusal, ...]:
    """Return what an emulator refused from a moment on, oldest first; without a moment all that it refused."""
    entries = json_lines.entries(directory / FILE_NAME)
    found = (Refusal(**{**entry, "kind": Kind(entry["kind"])}) for entry in entries)
    return tuple(refusal for refusal in found if refusal.time >= since)
