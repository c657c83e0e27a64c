"""Tests of finding Pythons."""

import sys
from pathlib import Path

import pytest

from rehearsal.host.errors import RehearsalFailure
from rehearsal.images.pythons import find_python

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
ANSWERS = '#!/bin/sh\necho "{version}"\n'
REFUSES = '#!/bin/sh\necho "pyenv: python{version}: command not found" >&2\nexit 127\n'


@pytest.fixture
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Hide every Python but the one that runs the tests, and the network."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path / "uv"))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    (tmp_path / "bin").mkdir()
    return tmp_path


def _install(folder: Path, version: str, script: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / f"python{version}"
    program.write_text(script.format(version=version))
    program.chmod(0o755)
    return program


def test_a_python_on_path_is_found(bare_machine: Path) -> None:
    """A Python on PATH that runs and has the requested version is used."""
    program = _install(bare_machine / "bin", "3.10", ANSWERS)
    assert find_python("3.10") == program


def test_a_found_python_that_does_not_run_is_skipped(bare_machine: Path) -> None:
    """The interpreter that runs the tests passes the very check that stands-in scripts pass."""
    (bare_machine / "bin" / f"python{HERE}").symlink_to(sys.executable)
    assert find_python(HERE) == bare_machine / "bin" / f"python{HERE}"


def test_a_shim_that_refuses_is_skipped(bare_machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pyenv shim that only says "command not found" does not hide the Python that comes later on PATH."""
    _install(bare_machine / "bin", "3.10", REFUSES)
    program = _install(tmp_path / "later", "3.10", ANSWERS)
    monkeypatch.setenv("PATH", f"{bare_machine / 'bin'}:{tmp_path / 'later'}")
    assert find_python("3.10") == program


def test_the_newest_patch_release_of_pyenv_is_used(bare_machine: Path) -> None:
    """Among pyenv's Pythons of one version the newest is taken, by number and not by spelling."""
    versions = bare_machine / "pyenv" / "versions"
    _install(versions / "3.10.9" / "bin", "3.10", ANSWERS)
    newest = _install(versions / "3.10.13" / "bin", "3.10", ANSWERS)
    assert find_python("3.10") == newest


def test_a_python_of_another_version_is_skipped(bare_machine: Path) -> None:
    """A program named python3.10 that is another Python is not taken."""
    _install(bare_machine / "bin", "3.10", "#!/bin/sh\necho 3.9\n")
    newest = _install(bare_machine / "pyenv" / "versions" / "3.10.1" / "bin", "3.10", ANSWERS)
    assert find_python("3.10") == newest


@pytest.mark.usefixtures("bare_machine")
def test_a_missing_python_is_reported_with_the_next_step() -> None:
    """Without the Python and without a network the failure names the version and the ways to install it."""
    with pytest.raises(RehearsalFailure) as failure:
        find_python("3.10")
    assert "Python 3.10 is not on this machine" in failure.value.what
    assert "pyenv install 3.10" in failure.value.next_step


def test_an_invalid_version_is_refused() -> None:
    """A word that is not a version is quoted back, with an example of what is wanted."""
    with pytest.raises(RehearsalFailure, match=r"'3' is not a Python version"):
        find_python("3")
