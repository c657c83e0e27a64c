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
        ("home/templates_out/demo/root.yaml", set()),
        ("home/.git/index", set()),
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


def test_changes_count_where_links_lead(project: Project, tmp_path: Path) -> None:
    """And nowhere beside the folders that are brought: the home may be the whole checkout."""
    (tmp_path / "shared").mkdir()
    (tmp_path / "home/notes").mkdir()
    (tmp_path / "home/dags/shared").symlink_to(tmp_path / "shared")
    home = tmp_path / "home"
    assert project.folders == {tmp_path / "docker", tmp_path / "shared", home / "dags", home / "plugins"}
    assert project.files == (tmp_path / "env.yaml", home / "webserver_config.py")
