"""The files of a new project: whole, and none that is there already is touched."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.starting import new_project
from cli.starting.environment_yaml import SCHEMA, Settings
from cli.starting.new_project import NewProject, image_files, write_project, write_schema
from spec.releases.table import RELEASES


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_project_has_code_image_and_yaml(tmp_path: Path) -> None:
    """The YAML comes last; files have the permissions that this shell gives."""
    written = write_project(tmp_path, NewProject())
    names = [str(path.relative_to(tmp_path)) for path in written.new]
    assert names[-1] == "env.yaml"
    assert {"airflow_home/dags/tutorial.py", "docker/Dockerfile", ".gitignore", "README.md", SCHEMA} < set(names)
    assert set(names) == set(_tree(tmp_path))
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "env.yaml").stat().st_mode & 0o777 == 0o666 & ~mask


def test_what_is_there_stays(tmp_path: Path) -> None:
    """Files, and links wherever they lead."""
    (tmp_path / "README.md").write_text("mine")
    (tmp_path / "elsewhere").write_text("mine")
    (tmp_path / ".gitignore").symlink_to("elsewhere")
    written = write_project(tmp_path, NewProject())
    assert [path.name for path in written.kept] == [".gitignore", "README.md"]
    assert (tmp_path / "README.md").read_text() == (tmp_path / "elsewhere").read_text() == "mine"


def test_a_killed_run_is_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever it was killed, the next run writes the same project."""
    whole = tmp_path / "whole"
    write_project(whole, NewProject())
    create = new_project._create
    for count in range(len(_tree(whole))):
        left = iter(range(count))

        def create_some(path: Path, content: bytes, left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                raise KeyboardInterrupt
            create(path, content)

        folder = tmp_path / str(count)
        with monkeypatch.context() as killed:
            killed.setattr(new_project, "_create", create_some)
            with pytest.raises(KeyboardInterrupt):
                write_project(folder, NewProject())
        assert write_project(folder, NewProject()).kept == []
        assert _tree(folder) == _tree(whole)


@pytest.mark.parametrize("version", RELEASES)
def test_the_image_is_that_of_the_release(version: str) -> None:
    """With its pins, and the packages that the project needs besides."""
    release = RELEASES[version]
    project = NewProject(settings=Settings(release=release), requirements=("pandas",), packages=("poppler-utils", "jq"))
    files = image_files(project)
    dockerfile = files["Dockerfile"].decode()
    assert f"ARG BASE_IMG=apache/airflow:{version}-python" in dockerfile
    assert "\npoppler-utils\njq\n" in files["packages.txt"].decode()
    assert "\npandas\n" in files["requirements.txt"].decode()
    assert f"constraints/{release.lock(release.python)}" in files
    packages = image_files(NewProject())["packages.txt"].decode().splitlines()
    assert all(line.startswith("#") for line in packages)


def test_the_schema_is_renewed(tmp_path: Path) -> None:
    """It is Windsock's own file; one that is up to date is not written."""
    assert write_schema(tmp_path)
    assert not write_schema(tmp_path)
    (tmp_path / SCHEMA).write_text("{}")
    assert write_schema(tmp_path)
    assert "urn:windsock:environment" in (tmp_path / SCHEMA).read_text()
