"""A project that exists is recognised, and stays as it is."""

from pathlib import Path

import pytest

from cli.starting.new_project import write_project
from cli.starting.sources.roster import SOURCES
from cli.starting.take_over import take_over, understand
from spec.errors import Refusal


def _home(folder: Path) -> Path:
    (folder / "dags").mkdir(parents=True)
    (folder / "dags" / "mine.py").touch()
    return folder


def test_each_kind_is_recognised_by_its_own_signs(tmp_path: Path) -> None:
    """The most particular kind counts."""
    (_home(tmp_path / "astro") / "Dockerfile").write_text("FROM quay.io/astronomer/astro-runtime:12.6.0\n")
    (_home(tmp_path / "mwaa") / "startup.sh").touch()
    (_home(tmp_path / "compose") / "compose.yaml").write_text("x-airflow-common: {image: apache/airflow:2.10.5}\n")
    (_home(tmp_path / "home") / "airflow.cfg").touch()
    (tmp_path / "values.yaml").write_text("executor: LocalExecutor\n")
    names = ("home/airflow.cfg", "values.yaml", "astro", "compose", "mwaa", "home")
    assert [understand(tmp_path / name).title for name in names] == [source.title for source in SOURCES]


def test_what_is_no_project_is_refused(tmp_path: Path) -> None:
    """With the kinds that there are."""
    with pytest.raises(Refusal, match="is no project that Windsock knows") as refusal:
        understand(tmp_path)
    assert "an Astro project" in refusal.value.why
    with pytest.raises(Refusal, match="There is nothing at"):
        understand(tmp_path / "none")


def test_the_home_stays_where_it_is(tmp_path: Path) -> None:
    """Inside the new project, or beside it; its own code gets no sample beside it."""
    home = _home(tmp_path / "airflow")
    assert take_over(home, home).project.settings.home == "."
    taken = take_over(home, tmp_path / "new")
    assert taken.project.settings.home == "../airflow"
    write_project(tmp_path / "new", taken.project)
    assert not (tmp_path / "new" / "airflow_home").exists()
    assert [path.name for path in home.rglob("*.py")] == ["mine.py"]


def test_a_project_without_code_gets_the_sample(tmp_path: Path) -> None:
    """As after `windsock init` alone; a process that the release lacks has no size."""
    values = tmp_path / "values.yaml"
    size = "{resources: {limits: {cpu: 1, memory: 2Gi}}}"
    values.write_text(f"airflowVersion: 2.10.5\nwebserver: {size}\ndagProcessor: {size}\n")
    taken = take_over(values, tmp_path)
    assert taken.project.sample
    assert taken.project.settings.sizes == {"webserver": (1024, 2048)}


def test_a_dockerfile_of_their_own_stays(tmp_path: Path) -> None:
    """The image gets another folder then; one that an interrupted init wrote is ours."""
    home = _home(tmp_path)
    assert take_over(home, home).project.settings.context == "docker"
    write_project(home, take_over(home, home).project)
    assert take_over(home, home).project.settings.context == "docker"
    (home / "docker" / "Dockerfile").write_text("FROM scratch\n")
    assert take_over(home, home).project.settings.context == "windsock-docker"
