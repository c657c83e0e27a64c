"""What the deployer tells while it works: plain values to whoever listens, nothing comes back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class StackEvent:
    """One event of a stack or of a resource in it.

    `path` is the logical path below the root stack, such as `Database/Instance`; it is empty for the root itself.
    """

    path: str
    type: str
    status: str
    reason: str
    time: datetime


class Progress(Protocol):
    """Listens to a deploy, a push or a teardown."""

    def phase(self, name: str, detail: str) -> None:
        """Begin a new phase."""

    def event(self, event: StackEvent) -> None:
        """Something happened in a stack."""

    def note(self, text: str) -> None:
        """There is something to know, in one sentence."""
