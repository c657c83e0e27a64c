"""Enforces the memory of every task: when a task uses more, its largest process is killed, as on Fargate.

Not every machine lets a rehearsal make control groups, so this module polls. That is less strict than Fargate in two
ways: it misses a process that grows and ends between two polls, and it does not count the kernel's file cache.
"""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from rehearsal.emulator.containers.container import Container
from rehearsal.emulator.containers.engine import Engine

POLL_SECONDS = 0.5
MIB = 1 << 20
PAGE = os.sysconf("SC_PAGE_SIZE")


def watch(engine: Engine) -> None:
    """Check all tasks until the emulator ends."""
    while True:
        for task in engine.tasks():
            enforce(engine.of_task(task))
        time.sleep(POLL_SECONDS)


def enforce(containers: tuple[Container, ...]) -> None:
    """Kill the largest process of a task that uses more than its memory."""
    limit = min((container.spec.memory for container in containers if container.spec.memory), default=0) * MIB
    if not limit:
        return
    running = [(container, pid) for container in containers for pid in tree(container.pid)]
    # Shared memory counts once, which takes long to compute; this sum counts it twice and may still be below.
    if sum(_resident(pid) for _, pid in running) <= limit:
        return
    used = [(_proportional(pid), pid, container) for container, pid in running]
    if sum(size for size, _, _ in used) <= limit:
        return
    _, pid, container = max(used, key=lambda entry: entry[:2])
    container.out_of_memory = True
    _kill(pid)


def tree(root: int) -> Iterator[int]:
    """Yield the descendants of a process, without itself: it waits outside the container."""
    for child in _children(root):
        yield child
        yield from tree(child)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found += [int(child) for child in (thread / "children").read_text("ascii").split()]
    except (FileNotFoundError, ProcessLookupError):
        return found
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * PAGE
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:")), 0)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
