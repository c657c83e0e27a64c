"""What the front door gives back to a test."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ran:
    """How a verb ended."""

    code: int
    out: str
    err: str


Windsock = Callable[..., Ran]
"""The front door: words in, how it ended out."""
