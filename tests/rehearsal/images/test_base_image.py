"""The base image is made once per virtual environment, of this machine's Debian and Python."""

import os
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from rehearsal.host.errors import RehearsalFailure
from rehearsal.images import base_image
from rehearsal.images.base_image import BaseImage, make_base
from rehearsal.images.container_builder import Build, Builder


@dataclass(frozen=True)
class Pretender(Builder):
    """Keeps the references of what it was to build, and what lay in the folder."""

    made: dict[str, list[str]] = field(default_factory=dict)

    def has(self, reference: str) -> bool:
        """Whether it was built."""
        return reference in self.made

    def build(self, reference: str, build: Build) -> None:
        """Look at the folder."""
        files = sorted(file.relative_to(build.context).as_posix() for file in build.context.rglob("*"))
        self.made[reference] = [*files, (build.context / "Dockerfile").read_text()]


@pytest.fixture
def base(tmp_path: Path) -> BaseImage:
    """Return a base image of a virtualenv whose Python is that of these tests."""
    virtualenv = tmp_path / "Tiny-abc"
    (virtualenv / "bin").mkdir(parents=True)
    (virtualenv / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    (virtualenv / "pyvenv.cfg").write_text("home = /elsewhere\n")
    return BaseImage(
        virtualenv=virtualenv, place="/opt/venv", user="sailor:1234", variables={"A": "b c"}, working_directory="/opt/x"
    )


@pytest.fixture
def builder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pretender:
    """Return a builder that builds nothing, with a bootstrap that writes its arguments instead of a Debian."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "mmdebstrap").write_text('#!/bin/sh\necho "$@" > "$4"; cp "$4" "$(dirname "$0")/log"\n')
    (tools / "mmdebstrap").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    monkeypatch.setattr(base_image, "CERTIFICATES", tmp_path / "certificates")
    (tmp_path / "certificates").mkdir()
    (tmp_path / "certificates" / "own.crt").touch()
    (tmp_path / "store").mkdir()
    return Pretender("buildah", tmp_path / "store")


def test_a_base_image_is_made_once(builder: Pretender, base: BaseImage) -> None:
    """Of Debian, the interpreter, the packages, and the authorities that this machine trusts besides."""
    reference = make_base(builder, base)
    assert make_base(builder, base) == reference
    assert reference.startswith("localhost/rehearsal/tiny-abc:")
    *files, dockerfile = builder.made[reference]
    assert files == ["Dockerfile", "certificates", "certificates/own.crt", "debian.tar", "packages.tar", "python.tar"]
    assert "ADD packages.tar /opt/venv/\n" in dockerfile
    assert "useradd --uid 1234" in dockerfile
    assert 'A="b c"' in dockerfile
    assert dockerfile.endswith("USER 1234\nWORKDIR /opt/x\n")


def test_debian_has_the_libraries_of_the_interpreter(builder: Pretender, base: BaseImage, tmp_path: Path) -> None:
    """Those that its modules are linked with, by the names of their packages."""
    make_base(builder, base)
    words = (tmp_path / "tools" / "log").read_text()
    named = words.partition("--include=")[2].split()[0].split(",")
    assert {"git", "ca-certificates"} <= set(named)
    linked = subprocess.run(["ldd", Path(sys.executable).resolve()], capture_output=True, text=True, check=True).stdout
    assert ("libc6" in named) == ("libc.so.6" in linked)
    assert not any("tk" in name for name in named)


def test_another_virtualenv_or_place_is_another_image(base: BaseImage) -> None:
    """Its reference says so before anything is made."""
    assert replace(base, place="/elsewhere").reference != base.reference
    assert replace(base, virtualenv=base.virtualenv.with_name("other")).reference != base.reference


def test_a_machine_that_is_no_debian_is_told(
    builder: Pretender, base: BaseImage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is built there."""
    monkeypatch.setattr(base_image, "OS_RELEASE", tmp_path / "nothing")
    with pytest.raises(RehearsalFailure, match="no Debian"):
        make_base(builder, base)


def test_a_python_of_the_machine_itself_is_told(builder: Pretender, base: BaseImage) -> None:
    """It cannot be copied without the rest of the machine."""
    (base.virtualenv / "bin" / "python").unlink()
    (base.virtualenv / "bin" / "python").symlink_to("/usr/bin/env")
    with pytest.raises(RehearsalFailure, match="belongs to this machine's Debian"):
        make_base(builder, base)
