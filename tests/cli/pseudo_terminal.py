"""A pseudo-terminal on which a test reads and types."""

import os
import pty
import select
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PATIENCE_SECONDS = 30.0
BLINK_SECONDS = 0.01
PIECE = 4096
WORKS = {"R", "D"}
"""The states of a process that runs, and of one that the kernel reads or writes for."""

CONTROL_C, CONTROL_D = "\x03", "\x04"


@dataclass
class Terminal:
    """A program that has a terminal of its own; `shown` is what stands on its screen."""

    process: subprocess.Popen[bytes]
    terminal: int
    shown: str = ""

    def wait_for(self, words: str) -> None:
        """Read the screen until these words stand on it."""
        while words not in self.shown:
            assert self._read(), f"it ended, and showed: {self.shown}"

    def type(self, words: str) -> None:
        """Type, as people do, who are never faster than a program needs to begin to read.

        Python loses the signal of a Ctrl-C that comes between its last look for signals and the read: it reads on.
        """
        while _state(self.process.pid) in WORKS:
            time.sleep(BLINK_SECONDS)
        os.write(self.terminal, words.encode())

    def end(self) -> int:
        """Read the rest of the screen; the exit code."""
        while self._read():
            continue
        os.close(self.terminal)
        return self.process.wait(PATIENCE_SECONDS)

    def known_to_all(self) -> bytes:
        """Return what others can read of the program and its children: their arguments and variables."""
        pids = [self.process.pid, *_children(self.process.pid)]
        return b"".join(Path(f"/proc/{pid}/{part}").read_bytes() for pid in pids for part in ("cmdline", "environ"))

    def _read(self) -> bool:
        ready, _, _ = select.select([self.terminal], [], [], PATIENCE_SECONDS)
        if not ready:
            self.process.send_signal(signal.SIGKILL)
        try:
            piece = os.read(self.terminal, PIECE)
        except OSError:  # the last program has closed the terminal
            return False
        self.shown += piece.decode(errors="replace")
        return bool(piece)


def at_terminal(command: Sequence[str], folder: Path) -> Terminal:
    """Start a program in a session of its own, whose terminal is ours to look at and to type on."""
    terminal, theirs = pty.openpty()
    started = subprocess.Popen(
        ["setsid", "--ctty", "--wait", *command], cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    return Terminal(started, terminal)


def _state(pid: int) -> str:
    """Return the state of a process, as `ps` shows it."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8")
    return [int(child) for child in text.split()]
