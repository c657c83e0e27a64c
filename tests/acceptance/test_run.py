"""A rehearsal leaves other rehearsals alone and builds nothing for one that it refuses."""

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from acceptance.run import Options, Rehearsal, keep
from acceptance.sessions import directory_of
from acceptance.steps import Steps
from compiler.compile import compile_environment
from deployer.release.airflow_home import CodeRefusal
from rehearsal.session.emulator_session import FILE_NAME
from spec.errors import Refusal
from tests.acceptance.emulator import write_down
from tests.deployer.fakes.environment import environment

if TYPE_CHECKING:
    from deployer.progress import Progress


def _rehearsal(folder: Path) -> Rehearsal:
    env = environment()
    return Rehearsal(
        env=env,
        templates=compile_environment(env),
        steps=Steps(say=lambda _: None),
        options=Options(checkout=folder, home=folder / "airflow_home", cache=folder / "cache"),
        progress=lambda _: nullcontext(cast("Progress", None)),
    )


def test_a_second_kept_rehearsal_builds_nothing(tmp_path: Path) -> None:
    """It is refused before any step begins, and the first one stays."""
    rehearsal = _rehearsal(tmp_path)
    first = directory_of(rehearsal.options.cache, rehearsal.env.name, kept=True)
    write_down(first)
    with pytest.raises(Refusal, match="is being kept already"), keep(rehearsal):
        pass
    assert (first / FILE_NAME).is_file()
    assert rehearsal.steps.done == []
    assert not (rehearsal.options.cache / "environments").exists()


def test_code_that_is_at_fault_starts_no_emulator(tmp_path: Path) -> None:
    """No folder, and syntax that the Python of the cluster does not know: told before anything is built."""
    rehearsal = _rehearsal(tmp_path)
    with pytest.raises(CodeRefusal, match=r"There is no folder .*airflow_home/dags"), keep(rehearsal):
        pass
    dags = tmp_path / "airflow_home" / "dags"
    dags.mkdir(parents=True)
    (dags / "new.py").write_text("try:\n    pass\nexcept* ValueError:\n    pass\n")
    assert rehearsal.env.airflow.python == "3.10"
    with pytest.raises(CodeRefusal, match=r"cannot be parsed by Python 3\.10") as refusal, keep(rehearsal):
        pass
    assert "new.py:4:9: Exception groups are only supported in Python 3.11" in refusal.value.why
    assert not (rehearsal.options.cache / "environments").exists()


def test_what_a_killed_rehearsal_left_is_removed_first(tmp_path: Path) -> None:
    """Even when the new rehearsal is refused afterwards."""
    rehearsal = _rehearsal(tmp_path)
    dead = directory_of(rehearsal.options.cache, "another", kept=True)
    write_down(dead, alive=False)
    write_down(directory_of(rehearsal.options.cache, rehearsal.env.name, kept=True))
    with pytest.raises(Refusal), keep(rehearsal):
        pass
    assert not dead.exists()
