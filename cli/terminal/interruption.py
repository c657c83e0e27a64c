"""What an interrupt leaves behind, told by whoever was interrupted."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interruptible(words: str) -> Iterator[None]:
    """Give an interrupt of what happens inside the words that tell the user what goes on without us."""
    try:
        yield
    except KeyboardInterrupt:
        raise KeyboardInterrupt(words) from None
