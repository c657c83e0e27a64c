"""What a diagnosis says: causes, each with what shows it, the place to change, and the next step."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from deployer.diagnosis.evidence import Evidence


@dataclass(frozen=True, kw_only=True)
class Cause:
    """One thing that is wrong, in a sentence.

    `key` is the path in the YAML that decides it, and `file` a file of the user, with its line, relative to the YAML.
    """

    name: str
    what: str
    next_step: str
    shown_by: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    file: str = ""


Look = Callable[[Evidence], Iterator[Cause]]
"""Yields the causes of one kind that the evidence shows."""


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """What is wrong with an environment, the most probable cause first; `unread` is what could not be looked at."""

    name: str
    state: str
    causes: tuple[Cause, ...]
    unread: tuple[str, ...]

    @property
    def well(self) -> bool:
        """Whether nothing is wrong."""
        return not self.causes
