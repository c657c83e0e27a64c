"""An image is built with nothing but its files and instructions, and its files can be taken out."""

import json
import stat
from pathlib import Path

import pytest

from rehearsal.host.errors import RehearsalFailure
from rehearsal.images.container_builder import Build, Builder, find_builder

DOCKERFILE = """\
ARG WIND=none
FROM example.org/base:1
ARG WIND
COPY --chmod=4755 vane /opt/vane
ENV DIRECTION=${WIND} PATH=/opt
USER sailor:0
WORKDIR /opt
ENTRYPOINT ["/opt/vane", "-v"]
"""
PODMAN = [{"Config": {"User": "50000", "Env": ["A=b=c"], "WorkingDir": "/opt", "Entrypoint": ["x"]}}]


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """Make a folder with a Dockerfile that starts from an image which no registry has."""
    folder = tmp_path / "docker"
    folder.mkdir()
    (folder / "Dockerfile").write_text(DOCKERFILE)
    (folder / "vane").write_text("turns\n")
    return folder


@pytest.fixture
def builder(tmp_path: Path) -> Builder:
    """Return the builder of this machine; .ci/run installs it."""
    found = find_builder(tmp_path / "store")
    assert found
    return found


def _empty(builder: Builder, folder: Path) -> str:
    """Build an image with one file."""
    folder.mkdir()
    (folder / "Dockerfile").write_text("FROM scratch\nCOPY calm /opt/calm\n")
    (folder / "calm").touch()
    builder.build("localhost/calm:1", Build(context=folder))
    return "localhost/calm:1"


@pytest.mark.rehearsal
def test_a_dockerfile_is_built_on_a_local_image(builder: Builder, context: Path, tmp_path: Path) -> None:
    """In the place of the image that it names; files, variables, user and entry point are those that it says."""
    base = _empty(builder, tmp_path / "base")
    build = Build(context=context, arguments=["WIND=west"], stands_for={"example.org/base:1": base})
    builder.build("localhost/vane:1", build)
    told = builder.configuration("localhost/vane:1")
    assert told.variables["DIRECTION"] == "west"
    assert (told.user, told.working_directory, told.entrypoint) == ("sailor:0", "/opt", ("/opt/vane", "-v"))
    builder.export("localhost/vane:1", tmp_path / "files")
    vane = tmp_path / "files" / "opt" / "vane"
    assert (vane.read_text(), vane.stat().st_uid) == ("turns\n", tmp_path.stat().st_uid)
    assert (tmp_path / "files" / "opt" / "calm").exists()
    assert not vane.stat().st_mode & (stat.S_ISUID | stat.S_ISGID)
    builder.remove("localhost/vane:1")
    assert not builder.has("localhost/vane:1")
    assert builder.has(base)


@pytest.mark.rehearsal
def test_a_failed_build_shows_the_builders_words(builder: Builder, context: Path) -> None:
    """With the instruction that failed."""
    (context / "Dockerfile").write_text("FROM scratch\nCOPY nothing /\n")
    with pytest.raises(RehearsalFailure) as failure:
        builder.build("localhost/vane:1", Build(context=context))
    assert 'building at STEP "COPY nothing /"' in failure.value.why


def _program(folder: Path, name: str, text: str = "") -> None:
    (folder / name).write_text(f"#!/bin/sh\n{text}")
    (folder / name).chmod(0o755)


def test_podman_tells_the_same_in_another_form(tmp_path: Path) -> None:
    """A list of one, with keys of its own; values of secrets are in its environment alone."""
    said, log = tmp_path / "said.json", tmp_path / "log"
    said.write_text(json.dumps(PODMAN))
    _program(tmp_path, "podman", f'echo "$@" >> {log}\n[ "$5" = image ] && cat {said}\necho "$TOKEN" >> {log}.env\n')
    builder = Builder(str(tmp_path / "podman"), tmp_path / "store")
    told = builder.configuration("a")
    assert (told.variables, told.user, told.entrypoint) == ({"A": "b=c"}, "50000", ("x",))
    secrets = {"secrets": ("--secret", "id=TOKEN,env=TOKEN"), "variables": {"TOKEN": "s3cr3t"}}
    builder.build("b", Build(context=tmp_path, **secrets))  # type: ignore[arg-type]  # two fields at once
    assert "--secret id=TOKEN,env=TOKEN --tag b" in log.read_text()
    assert "s3cr3t" not in log.read_text()
    assert "s3cr3t" in (tmp_path / "log.env").read_text()


@pytest.mark.parametrize(
    ("programs", "found"),
    [
        (("buildah", "podman", "mmdebstrap"), "buildah"),
        (("podman", "mmdebstrap"), "podman"),
        (("podman",), None),
        (("mmdebstrap",), None),
    ],
)
def test_a_builder_needs_both_programs(tmp_path: Path, programs: tuple[str, ...], found: str | None) -> None:
    """One that builds, and one that makes the Debian of the base image."""
    for name in programs:
        _program(tmp_path, name)
    builder = find_builder(tmp_path / "store", str(tmp_path))
    assert (Path(builder.program).name if builder else None) == found
