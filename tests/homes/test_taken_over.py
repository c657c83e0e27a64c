"""Projects of other tools are taken over unchanged: they compile and rehearse, and what is missing is named."""

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from spec.reading.load import load
from tests.life.kept import windsock

TAKEN = Path(__file__).with_name("taken")


@dataclass(frozen=True, kw_only=True)
class Project:
    """A project of another tool: its release here, the DAG that it has, and what is told of the rest.

    `source` is what init is pointed at, below its folder.
    """

    name: str
    version: str
    dag: str
    left_out: tuple[str, ...]
    source: str = "."


PROJECTS = (
    Project(
        name="astro",
        version="2.11.2",
        dag="shipments",
        left_out=("Dockerfile: ENV REPORTS_CURRENCY", "pool slow", "tests/"),
    ),
    Project(
        name="mwaa",
        version="2.10.5",
        dag="billing",
        left_out=("plugins.zip", "startup.sh: nothing runs it here", "constraints-2.10.3"),
    ),
    Project(
        name="compose",
        version="2.11.2",
        dag="harvest",
        left_out=("service redis", "executor CeleryExecutor", "service grafana"),
    ),
    Project(
        name="helm",
        version="2.11.2",
        dag="ledger",
        left_out=("executor KubernetesExecutor", "env: name variables in airflow.env_vars", "postgresql", "ingress"),
        source="values.yaml",
    ),
)

every_project = pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)


def _taken(project: Project, folder: Path) -> tuple[Path, str]:
    """Run init on a copy; return the new project and what was said."""
    shutil.copytree(TAKEN / project.name, folder / "theirs")
    done = windsock("init", "new", "--from", f"theirs/{project.source}", checkout=folder)
    assert done.returncode == 0, done.stderr
    return folder / "new", done.stderr


def _contents(folder: Path) -> Mapping[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@every_project
def test_it_compiles_as_it_is(project: Project, tmp_path: Path) -> None:
    """With the nearest release; nothing of it is changed, and everything that stays behind is named."""
    new, said = _taken(project, tmp_path)
    assert load(new / "env.yaml").airflow.version == project.version
    checked = windsock("compile", "--check", "--no-lint", checkout=new)
    assert checked.returncode == 0, checked.stderr
    assert [part for part in project.left_out if part not in said] == []
    assert _contents(tmp_path / "theirs") == _contents(TAKEN / project.name)


@pytest.mark.airflow
@pytest.mark.endurance
@every_project
def test_it_rehearses_as_it_is(project: Project, tmp_path: Path) -> None:
    """Its DAG finds what it imports and reads, and succeeds."""
    new, _ = _taken(project, tmp_path)
    ports = ("--port", "0", "--endpoint-port", "0")
    done = windsock("rehearse", *ports, "--dag", project.dag, checkout=new)
    assert done.returncode == 0, done.stderr
    assert "1 succeeded, no import errors" in done.stderr
    assert "nothing is left" in done.stderr
