"""Kept rehearsals are found by name and by endpoint; the leftovers of killed ones are removed."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from acceptance.sessions import directory_of, find_for, find_kept, find_named, refuse_second, sweep
from rehearsal.session.emulator_session import FILE_NAME
from spec.errors import Refusal
from tests.acceptance.emulator import write_down


@pytest.fixture
def sleeper() -> Iterator[int]:
    """Yield a process that a wrong sweep may kill without ending the tests."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as process:
        yield process.pid
        process.kill()


def _dead_pid() -> int:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(60)
    return ended.pid


def test_a_kept_rehearsal_has_the_directory_of_its_name(tmp_path: Path) -> None:
    """One that is not kept has a place of its own in each process, so that two may run side by side."""
    kept = directory_of(tmp_path, "demo", kept=True)
    assert kept == tmp_path / "rehearsals" / "demo"
    assert directory_of(tmp_path, "demo", kept=False) == kept.with_name(f"demo-{os.getpid()}")


def test_a_kept_rehearsal_is_found_by_name_and_by_endpoint(tmp_path: Path) -> None:
    """By the name of its environment, and by the endpoint that the shell has exported."""
    emulator = write_down(directory_of(tmp_path, "demo", kept=True))
    other = write_down(directory_of(tmp_path, "other", kept=True), port=5000)
    assert find_named(tmp_path, "demo") == emulator
    assert find_kept(tmp_path, "http://127.0.0.1:5000") == other


def test_another_name_or_endpoint_finds_no_rehearsal(tmp_path: Path) -> None:
    """Another name, another endpoint, none at all, or AWS itself."""
    assert find_named(tmp_path, "demo") is None
    write_down(directory_of(tmp_path, "demo", kept=True))
    assert find_named(tmp_path, "dem") is None
    assert find_kept(tmp_path, "http://127.0.0.1:5000") is None
    assert find_kept(tmp_path, None) is None


def test_a_dead_rehearsal_is_not_found(tmp_path: Path) -> None:
    """A process of the same number that was born at another time is another process."""
    write_down(directory_of(tmp_path, "demo", kept=True), alive=False)
    assert find_named(tmp_path, "demo") is None
    assert find_kept(tmp_path, "http://127.0.0.1:4566") is None


def test_a_second_kept_rehearsal_is_refused(tmp_path: Path) -> None:
    """With the place of the first, and how to end it."""
    directory = directory_of(tmp_path, "demo", kept=True)
    refuse_second(directory, "demo")
    write_down(directory)
    refuse_second(directory_of(tmp_path, "other", kept=True), "other")
    with pytest.raises(Refusal, match="of demo is being kept already") as refusal:
        refuse_second(directory, "demo")
    assert str(directory) in refusal.value.why
    assert "--stop" in refusal.value.next_step


def test_a_sweep_removes_dead_rehearsals(tmp_path: Path) -> None:
    """A kept one whose process is gone, and what a process left that was killed before it had an emulator."""
    dead = directory_of(tmp_path, "demo", kept=True)
    write_down(dead, alive=False)
    half = tmp_path / "rehearsals" / f"demo-{_dead_pid()}"
    half.mkdir()
    sweep(tmp_path)
    assert not dead.exists()
    assert not half.exists()


def test_a_sweep_leaves_living_rehearsals(tmp_path: Path, sleeper: int) -> None:
    """A kept one, and what another process is only building."""
    living = write_down(directory_of(tmp_path, "demo", kept=True), pid=sleeper)
    building = directory_of(tmp_path, "demo", kept=False)
    building.mkdir()
    sweep(tmp_path)
    assert find_named(tmp_path, "demo") == living
    assert building.is_dir()


def test_a_sweep_of_an_empty_cache_makes_no_folder(tmp_path: Path) -> None:
    """The first rehearsal of all has no folder yet, and the sweep makes none."""
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", '{"directory": "/x"}', "[]"])
def test_a_damaged_session_file_is_ignored(tmp_path: Path, text: str) -> None:
    """Its writer was killed; other verbs still work."""
    directory = directory_of(tmp_path, "demo", kept=True)
    directory.mkdir(parents=True)
    (directory / FILE_NAME).write_text(text)
    assert find_named(tmp_path, "demo") is None
    sweep(tmp_path)


def test_a_damaged_session_of_a_killed_process_is_swept(tmp_path: Path) -> None:
    """The folder's name holds the number of the process."""
    directory = tmp_path / "rehearsals" / f"demo-{_dead_pid()}"
    emulator = write_down(directory, alive=False)
    (directory / FILE_NAME).write_text(json.dumps(asdict(replace(emulator, directory=Path())), default=str)[:20])
    sweep(tmp_path)
    assert not directory.exists()


def test_a_branch_belongs_beside_the_environments_of_its_yaml(tmp_path: Path) -> None:
    """Not beside one of another YAML, nor into a rehearsal that is not kept; the YAML's own has a place of its own."""
    write_down(directory_of(tmp_path, "other", kept=True), port=5001)
    write_down(directory_of(tmp_path, "demo-4711", kept=True), port=5002)
    assert find_for(tmp_path, "demo-one", "demo") is None
    sibling = write_down(directory_of(tmp_path, "demo-two", kept=True), port=5003)
    assert find_for(tmp_path, "demo-one", "demo") == sibling
    assert find_for(tmp_path, "demo", "demo") is None
    own = write_down(directory_of(tmp_path, "demo", kept=True), port=5004)
    assert find_for(tmp_path, "demo-one", "demo") == own == find_for(tmp_path, "demo", "demo")
