"""A rehearsal leaves other rehearsals alone and builds nothing for one that it refuses."""

import json
import os
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from acceptance.run import Options, Rehearsal, keep
from acceptance.sessions import directory_of
from acceptance.steps import Steps
from compiler.compile import compile_environment
from rehearsal.host import processes
from rehearsal.session.emulator_session import FILE_NAME, EmulatorSession
from spec.errors import Refusal
from tests.deployer.fakes.environment import environment

if TYPE_CHECKING:
    from deployer.progress import Progress


def _rehearsal(folder: Path) -> Rehearsal:
    env = environment()
    return Rehearsal(
        env=env,
        templates=compile_environment(env),
        steps=Steps(lambda _: None),
        options=Options(checkout=folder, home=folder / "airflow_home", cache=folder / "cache"),
        progress=lambda _: nullcontext(cast("Progress", None)),
    )


def _put(directory: Path, *, alive: bool) -> None:
    """Write down a kept rehearsal; this process stands for a living emulator."""
    born = (processes.born(os.getpid()) or 0) + (not alive)
    emulator = EmulatorSession(
        directory=directory,
        endpoint_url="http://127.0.0.1:4566",
        web_url="http://127.0.0.1:8080",
        gateway_port=4566,
        web_port=8080,
        secret_key="secret",
        pid=os.getpid(),
        born=born,
    )
    directory.mkdir(parents=True)
    (directory / FILE_NAME).write_text(json.dumps({**asdict(emulator), "directory": str(directory)}))


def test_a_second_kept_rehearsal_builds_nothing(tmp_path: Path) -> None:
    """It is refused before any step begins, and the first one stays."""
    rehearsal = _rehearsal(tmp_path)
    first = directory_of(rehearsal.options.cache, rehearsal.env.name, kept=True)
    _put(first, alive=True)
    with pytest.raises(Refusal, match="is being kept already"), keep(rehearsal):
        pass
    assert (first / FILE_NAME).is_file()
    assert rehearsal.steps.done == []
    assert not (rehearsal.options.cache / "environments").exists()


def test_what_a_killed_rehearsal_left_is_removed_first(tmp_path: Path) -> None:
    """Even when the new rehearsal is refused afterwards."""
    rehearsal = _rehearsal(tmp_path)
    dead = directory_of(rehearsal.options.cache, "another", kept=True)
    _put(dead, alive=False)
    _put(directory_of(rehearsal.options.cache, rehearsal.env.name, kept=True), alive=True)
    with pytest.raises(Refusal), keep(rehearsal):
        pass
    assert not dead.exists()
