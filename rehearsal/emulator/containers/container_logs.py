"""The output of a container, in whole lines."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

POLL_SECONDS = 0.1
MAX_LINE_BYTES = 256 * 1024
"""CloudWatch Logs takes no longer event."""


def follow(file: Path, *, ended: Callable[[], bool]) -> Iterator[bytes]:
    """Yield whole lines as they appear, and at the end the rest, with or without a line break.

    MiniStack makes an event of every piece, so half a line would become half an event.
    """
    rest = b""
    with file.open("rb") as printed:
        while True:
            over = ended()
            piece = printed.read()
            whole, rest = split(rest + piece)
            if whole:
                yield whole
            if over and not piece:
                break
            if not piece:
                time.sleep(POLL_SECONDS)
    if rest:
        yield rest


def split(text: bytes) -> tuple[bytes, bytes]:
    """Everything up to the last line break, and the rest; a line that is too long for an event counts as complete."""
    cut = text.rfind(b"\n") + 1
    if not cut and len(text) >= MAX_LINE_BYTES:
        return text, b""
    return text[:cut], text[cut:]


def tail(file: Path, count: int) -> str:
    """Return the last lines of a log."""
    if not file.exists():
        return ""
    return "\n".join(file.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
