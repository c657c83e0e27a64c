"""What an emulator has on this machine: processes, mounts and network devices."""

import functools
import os
import re
import signal
import socket
import time
from pathlib import Path

POLL_SECONDS = 0.02
DEVICE = re.compile(r"task\d+")
"""The names of the emulator's network devices."""


def born(pid: int) -> int | None:
    """Start time of a process in clock ticks since the machine started; None when it is gone or a zombie."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text.rpartition(")")[2].split()
    return None if fields[0] == "Z" else int(fields[19])


def kill(pid: int, *, timeout: float) -> None:
    """Kill a process and wait, at most `timeout` seconds, until it has ended; a child stays for its parent to reap."""
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline and born(pid) is not None:
        time.sleep(POLL_SECONDS)


def touching(directory: Path) -> tuple[tuple[int, str], ...]:
    """Return number and command line of each other process that was started for a directory or has mounts of it."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid() or born(int(entry.name)) is None:
            continue
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace").strip()
            ours = f"-m rehearsal.emulator {directory}" in command or mounts_of(directory, entry.name)
        except OSError:
            continue
        if ours:
            found.append((int(entry.name), command))
    return tuple(found)


def mounts_of(directory: Path, pid: str) -> tuple[str, ...]:
    """Return the lines of a process's mount table that name a directory or something in it."""
    lines = Path(f"/proc/{pid}/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    point, inside = directory.as_posix(), _prefixes(directory)
    return tuple(line for line in lines if line.split()[4] == point or _is_inside(line, inside))


def devices() -> tuple[str, ...]:
    """Network devices of this machine with names like an emulator's."""
    return tuple(name for _, name in socket.if_nameindex() if DEVICE.fullmatch(name))


def _is_inside(line: str, prefixes: tuple[str, ...]) -> bool:
    """Whether what a line of /proc/<pid>/mountinfo shows, or where it shows it, lies in a directory."""
    root, point = line.split()[3:5]
    return root.startswith(prefixes) or point.startswith(prefixes)


@functools.cache
def _prefixes(directory: Path) -> tuple[str, ...]:
    """Return a directory's path, and its path from the root of its file system, which mount tables use for sources."""
    mount = next(place for place in (directory, *directory.parents) if place.is_mount() or place == Path("/"))
    own = "" if directory == mount else f"/{directory.relative_to(mount)}"
    return (f"{directory}/", f"{own}/") if own else (f"{directory}/",)
