"""Odd names, links, archives and very many files reach the cluster as they are, or are named with the reason."""

import zipfile
from pathlib import Path

import pytest

from deployer.release.airflow_home import CodeRefusal, read_code
from tests.life.kept import ROOT, windsock

LONG = "x" * 240
DEEP = "/".join(f"d{number:02}{'y' * 40}" for number in range(12))
NAMES = ("größe und maß, 日本語.sql", "wind 🌬.txt", "quote'\"$.txt", f"{LONG}.txt", f"{DEEP}/deep.txt")
MANY = 2000
DAG = """\
import datetime
from pathlib import Path

from airflow.decorators import dag, task

HERE = Path(__file__).parent


@dag(start_date=datetime.datetime(2024, 1, 1), schedule=None)
def odd():
    @task
    def read():
        names = {names!r}
        assert [name for name in names if (HERE / name).read_text(encoding="utf-8") != name] == []
        assert (HERE / "linked.txt").read_text() == "through a link"

    read()


odd()
"""
YAML = """\
name: odd
aws: {account: "123456789012", region: eu-central-1}
network: {allowed_cidrs: [203.0.113.0/24]}
database: {kind: container, engine: postgres, version: "15"}
airflow: {version: 3.3.2, python: "3.12"}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Make a home with all of them, and a DAG that reads them."""
    dags = tmp_path / "airflow_home" / "dags"
    for name in NAMES:
        (dags / name).parent.mkdir(parents=True, exist_ok=True)
        (dags / name).write_text(name, encoding="utf-8")
    (dags / "odd.py").write_text(DAG.format(names=NAMES), encoding="utf-8")
    (dags / "empty").mkdir()
    (dags.parent / "include").mkdir()
    (dags.parent / "include" / "target.txt").write_text("through a link")
    (dags / "linked.txt").symlink_to("../include/target.txt")
    with zipfile.ZipFile(dags / "packed.zip", "w") as archive:
        archive.writestr("modules/wind.py", "SPEED = 3\n")
    return dags.parent


def test_odd_names_are_code_as_they_are(home: Path) -> None:
    """With the content that they have; an empty folder is nothing."""
    files = {file.path: file.content for file in read_code(home, "glob").files}
    assert {f"dags/{name}": name.encode() for name in NAMES}.items() <= files.items()
    assert files["dags/linked.txt"] == b"through a link"
    assert "dags/packed.zip" in files
    assert not any(path.startswith("dags/empty") for path in files)


def test_what_cannot_be_brought_is_named_all_at_once(home: Path) -> None:
    """A link to nothing, a link out of the home, a name that no terminal shows."""
    (home / "dags" / "dangling").symlink_to("nowhere")
    (home / "dags" / "outside").symlink_to("/etc/hostname")
    (home / "dags" / "bell\a.txt").touch()
    with pytest.raises(CodeRefusal) as refusal:
        read_code(home, "glob")
    assert [word for word in ("dangling", "outside", "bell") if word not in refusal.value.why] == []


def test_thousands_of_dag_files_are_read(home: Path) -> None:
    """Each of them is parsed for its syntax before anything is uploaded."""
    for number in range(MANY):
        (home / "dags" / f"dag_{number:04}.py").write_text(f"NUMBER = {number}\n")
    files = read_code(home, "glob", "3.12").files
    assert len([file for file in files if file.path.startswith("dags/dag_")]) == MANY


@pytest.mark.airflow
@pytest.mark.endurance
def test_they_rehearse(home: Path) -> None:
    """A task reads each of them on the cluster."""
    project = home.parent
    (project / "docker").symlink_to(ROOT / "docker")
    (project / "env.yaml").write_text(YAML)
    done = windsock("rehearse", "--port", "0", "--endpoint-port", "0", "--dag", "odd", checkout=project)
    assert done.returncode == 0, done.stderr
    assert "1 succeeded, no import errors" in done.stderr
