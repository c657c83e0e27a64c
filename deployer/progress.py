"""How the deployer shows what it does: plain values for a listener, nothing comes back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class StackEvent:
    """One event of a stack or of a resource in it.

    `path` is the logical path below the root stack, such as `Database/Instance`; it is empty for the root itself.
    `about` is how many seconds the operation takes as far as is known; 0 where nothing is.
    """

    path: str
    type: str
    status: str
    reason: str
    time: datetime
    about: float = 0.0


class Progress(Protocol):
    """Listens to a deploy, a push or a teardown."""

    def phase(self, name: str, detail: str) -> None:
        """Begin a new phase."""

    def event(self, event: StackEvent) -> None:
        """Something happened in a stack."""

    def note(self, text: str) -> None:
        """There is something to know, in one sentence."""
