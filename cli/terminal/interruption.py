"""Says what an interrupt leaves behind, and asks at a terminal whether it is meant."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

AGAIN_SECONDS = 5.0
"""So soon after the first the second Ctrl-C must come."""

_STDERR = 2


@contextmanager
def interruptible(message: str, *, asks: bool = False) -> Iterator[None]:
    """Give an interrupt of the block a message about what goes on without us.

    Where it `asks`, one Ctrl-C says that a second one ends the watching, and the block goes on.
    """
    with _twice(message) if asks else nullcontext():
        try:
            yield
        except KeyboardInterrupt:
            raise KeyboardInterrupt(message) from None


@contextmanager
def _twice(message: str) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # only the main thread has a say about signals
        yield
        return
    before = signal.signal(signal.SIGINT, _asking(message))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _asking(message: str) -> Callable[[int, object], None]:
    last = [float("-inf")]

    def interrupted(_number: int, _frame: object) -> None:
        now = time.monotonic()
        if now - last[0] < AGAIN_SECONDS:
            raise KeyboardInterrupt
        last[0] = now
        # Not through the screen: it may be in the middle of a write.
        os.write(_STDERR, f"\nPress Ctrl-C again within {AGAIN_SECONDS:.0f} seconds to leave. {message}\n".encode())

    return interrupted
