"""A project tells which of its parts changed."""

from pathlib import Path

import pytest

from acceptance.development.project import CODE, IMAGE, YAML, Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a small project that was looked at once."""
    for folder in ("docker", "home/dags", "home/plugins"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "env.yaml").write_text("name: demo\n")
    project = Project(yaml=tmp_path / "env.yaml", context=tmp_path / "docker", home=tmp_path / "home")
    assert project.changed() == {YAML, IMAGE, CODE}
    return project


@pytest.mark.parametrize(
    ("file", "parts"),
    [
        ("env.yaml", {YAML}),
        ("docker/requirements.txt", {IMAGE}),
        ("home/plugins/hello.py", {CODE}),
        ("home/webserver_config.py", {CODE}),
        ("home/dags/orders.py", set()),
        ("home/include/sql.py", set()),
        ("home/plugins/__pycache__/hello.pyc", set()),
    ],
)
def test_a_change_is_of_one_part(project: Project, tmp_path: Path, file: str, parts: set[str]) -> None:
    """DAG files and what they include are of none: nothing has to start again for them."""
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text("changed")
    assert project.changed() == parts
    assert project.changed() == set()


def test_a_part_has_the_name_of_its_files(project: Project) -> None:
    """As its author knows them."""
    assert [project.name_of(part) for part in (YAML, IMAGE, CODE)] == ["env.yaml", "docker/", "home/"]
