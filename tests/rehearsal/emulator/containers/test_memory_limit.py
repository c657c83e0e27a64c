"""The promises of rehearsal/emulator/containers/memory_limit.py."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, cast

import pytest

from rehearsal.emulator.containers.memory_limit import enforce, tree

if TYPE_CHECKING:
    from rehearsal.emulator.containers.container import Container

PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=sys.stdout)
sys.exit(child.wait())
"""
EATER = "kept = bytearray(b'x') * (120 << 20); print('full', flush=True); import time; time.sleep(600)"


@dataclass
class Given:
    """What a container was given."""

    memory: int


@dataclass
class Contained:
    """As much of a container as the watch looks at."""

    pid: int
    spec: Given
    out_of_memory: bool = field(default=False)


@contextmanager
def eating(memory: int) -> Iterator[tuple[Contained, "subprocess.Popen[str]"]]:
    """Start a container whose process waits for one that uses 120 MiB."""
    process = subprocess.Popen([sys.executable, "-c", PARENT, EATER], stdout=subprocess.PIPE, text=True)
    try:
        assert cast("IO[str]", process.stdout).readline() == "full\n"
        yield Contained(process.pid, Given(memory)), process
    finally:
        for child in tree(process.pid):
            os.kill(child, 9)
        process.kill()
        process.wait()
        cast("IO[str]", process.stdout).close()


def look(container: Contained) -> None:
    """Look once."""
    enforce(cast("tuple[Container, ...]", (container,)))


def test_the_largest_process_is_killed() -> None:
    """A task over its memory loses the process that uses most, and says why."""
    with eating(memory=64) as (container, process):
        look(container)
        assert container.out_of_memory
        assert process.wait(timeout=30) != 0


@pytest.mark.parametrize("memory", [512, 0])
def test_a_task_within_its_limit_is_left_alone(memory: int) -> None:
    """Also a task without a limit."""
    with eating(memory) as (container, process):
        look(container)
        assert not container.out_of_memory
        assert process.poll() is None


def test_a_task_without_containers_is_within_its_memory() -> None:
    """A task without containers is no task over its memory."""
    nothing: tuple[Any, ...] = ()
    enforce(nothing)
