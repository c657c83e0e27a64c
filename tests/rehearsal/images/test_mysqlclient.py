"""The build of mysqlclient finds the library, or the error names the packages that are missing."""

import stat
from pathlib import Path

import pytest

from rehearsal.host.errors import RehearsalFailure
from rehearsal.images.mysqlclient import REQUIREMENTS, build_variables, mysqlclient_source


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the folder that PATH names: it has a C compiler and no package manager."""
    compiler = tmp_path / "bin" / "cc"
    compiler.parent.mkdir()
    compiler.write_text("#!/bin/sh\n", encoding="utf-8")
    compiler.chmod(compiler.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(compiler.parent))
    return compiler.parent


def _library(prefix: Path) -> Path:
    archive = prefix / "lib" / "x86_64-linux-gnu" / "libmariadb.a"
    for file in (archive, prefix / "include" / "mariadb" / "mysql.h"):
        file.parent.mkdir(parents=True)
        file.touch()
    return archive


@pytest.mark.usefixtures("programs")
def test_an_installed_library_is_used(tmp_path: Path) -> None:
    """The build needs no pkg-config to find it, and what it makes needs no shared library of MariaDB's."""
    archive = _library(tmp_path / "usr")
    variables = build_variables(tmp_path / "cache", tmp_path / "usr")
    assert variables["MYSQLCLIENT_CFLAGS"] == f"-I{tmp_path}/usr/include/mariadb"
    assert variables["MYSQLCLIENT_LDFLAGS"].split()[0] == str(archive)
    assert not (tmp_path / "cache").exists()


@pytest.mark.usefixtures("programs")
def test_an_unpacked_library_is_used(tmp_path: Path) -> None:
    """What an earlier rehearsal unpacked into the cache."""
    archive = _library(tmp_path / "cache" / "mariadb-client" / "usr")
    variables = build_variables(tmp_path / "cache", tmp_path / "usr")
    assert variables["MYSQLCLIENT_LDFLAGS"].split()[0] == str(archive)


@pytest.mark.usefixtures("programs")
def test_a_missing_library_is_reported_with_its_package(tmp_path: Path) -> None:
    """One sentence names the packages."""
    with pytest.raises(RehearsalFailure) as failure:
        build_variables(tmp_path / "cache", tmp_path / "usr")
    assert "apt-get" in failure.value.why
    assert failure.value.next_step.endswith("libmariadb-dev gcc libc6-dev")


def test_a_missing_compiler_is_reported(tmp_path: Path, programs: Path) -> None:
    """Before anything is fetched."""
    (programs / "cc").unlink()
    with pytest.raises(RehearsalFailure) as failure:
        build_variables(tmp_path / "cache", tmp_path / "usr")
    assert failure.value.why == "This machine has no C compiler."
    assert not (tmp_path / "cache").exists()


def test_build_variables_are_computed_only_for_a_build(tmp_path: Path, programs: Path) -> None:
    """An environment that is there works without a compiler."""
    (programs / "cc").unlink()
    assert mysqlclient_source(tmp_path / "cache").requirements == REQUIREMENTS


def test_mysqlclient_is_pinned() -> None:
    """One package, in one version."""
    lines = [line for line in REQUIREMENTS.read_text().splitlines() if not line.startswith("#")]
    assert [line.partition("==")[0] for line in lines] == ["mysqlclient"]
    assert lines[0].partition("==")[2]
