"""Says what an interrupt leaves behind."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interruptible(message: str) -> Iterator[None]:
    """Give an interrupt of the block a message about what goes on without us."""
    try:
        yield
    except KeyboardInterrupt:
        raise KeyboardInterrupt(message) from None
