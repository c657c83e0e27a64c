"""The result of a verb, for tests."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ran:
    """How a verb ended."""

    code: int
    out: str
    err: str


Windsock = Callable[..., Ran]
"""Runs a verb with these arguments."""
