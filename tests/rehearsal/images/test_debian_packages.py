"""Packages are unpacked once and whole, or not at all."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal.host.errors import RehearsalFailure
from rehearsal.images import debian_packages

FETCH = '#!/bin/sh\nfor last; do :; done\n: >"$last.deb"\n'
EXTRACT = '#!/bin/sh\n/bin/mkdir -p "$3/usr"\nname=${2##*/}\n: >"$3/usr/${name%.deb}"\n'
FAIL = "#!/bin/sh\necho 'E: Unable to locate package' >&2\nexit 100\n"


def _refuse(why: str) -> RehearsalFailure:
    return RehearsalFailure("It is missing.", why, "Install it.")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the folder that PATH names; it has no program yet."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def _program(folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


def _never() -> Iterator[str]:
    raise AssertionError("nobody wants to know")
    yield


def test_packages_are_unpacked_once(tmp_path: Path, programs: Path) -> None:
    """The packages themselves are gone; the next one who comes fetches nothing, nor asks what there is to fetch."""
    _program(programs, "apt-get", FETCH)
    _program(programs, "dpkg-deb", EXTRACT)
    folder = tmp_path / "cache" / "library"
    assert debian_packages.unpack(folder, ["libsail"], _refuse) == folder / "usr"
    assert [entry.name for entry in folder.rglob("*") if entry.is_file()] == ["libsail"]
    assert debian_packages.unpack(folder, _never(), _refuse) == folder / "usr"


def test_an_interrupted_unpack_is_repeated(tmp_path: Path, programs: Path) -> None:
    """Where unpacking fails, nothing has the name of the whole; the refusal has the program's own words."""
    _program(programs, "apt-get", FETCH)
    _program(programs, "dpkg-deb", FAIL)
    with pytest.raises(RehearsalFailure) as failure:
        debian_packages.unpack(tmp_path / "cache" / "library", ["libsail"], _refuse)
    assert failure.value.why == "dpkg-deb said: E: Unable to locate package"
    assert not (tmp_path / "cache" / "library").exists()


def test_a_machine_without_the_programs_is_refused(tmp_path: Path, programs: Path) -> None:
    """It says which one it lacks."""
    assert not list(programs.iterdir())
    with pytest.raises(RehearsalFailure) as failure:
        debian_packages.unpack(tmp_path / "cache" / "library", ["libsail"], _refuse)
    assert failure.value.why == "This machine has no apt-get to fetch it with."


def test_programs_answer_in_english(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In any language of the user: `apt-cache depends` would translate the words that the code parses."""
    _program(programs, "apt-cache", '#!/bin/sh\necho "$LC_ALL"\n')
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert debian_packages.ask("apt-cache", refuse=_refuse) == "C\n"
