"""Holds every task to the memory it was given: what uses most is killed when a task uses more, as on Fargate.

A machine that runs rehearsals need not let them make control groups, so this looks instead of being told. That is less
than the real thing in two ways: a process that grows and ends between two looks is not caught, and files that the
kernel keeps in memory for a container do not count.
"""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from rehearsal.emulator.containers.container import Container
from rehearsal.emulator.containers.engine import Engine

LOOK_SECONDS = 0.5
MIB = 1 << 20
PAGE = os.sysconf("SC_PAGE_SIZE")


def watch(engine: Engine) -> None:
    """Look at all tasks until the emulator ends."""
    while True:
        for task in engine.tasks():
            hold(engine.of_task(task))
        time.sleep(LOOK_SECONDS)


def hold(containers: tuple[Container, ...]) -> None:
    """Kill the largest process of a task that uses more than it was given."""
    limit = min((container.order.memory for container in containers if container.order.memory), default=0) * MIB
    if not limit:
        return
    running = [(container, pid) for container in containers for pid in tree(container.pid)]
    # Memory that processes share counts once, which is dear to find out; without the shared part it may be enough.
    if sum(_resident(pid) for _, pid in running) <= limit:
        return
    used = [(_proportional(pid), pid, container) for container, pid in running]
    if sum(size for size, _, _ in used) <= limit:
        return
    _, pid, container = max(used, key=lambda entry: entry[:2])
    container.out_of_memory = True
    _kill(pid)


def tree(root: int) -> Iterator[int]:
    """The processes below one, that one left out: it waits outside the container."""
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
