"""Whole lives of `windsock dev`: saved files show in Airflow, and Ctrl-C leaves nothing."""

import json
import os
import statistics
import time
from collections.abc import Iterator

import pytest

from acceptance.airflow.clients import client_of_first_user
from acceptance.sessions import directory_of
from cli.terminal.cache_dir import cache_root
from rehearsal.clients.airflow_client import AirflowClient
from rehearsal.host import processes
from spec.reading.load import load
from tests.life.developing import DAG, Developing, developing, make_project
from tests.life.kept import ROOT, windsock

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]

FIGURES = ROOT / "artifacts" / "development"
EXAMPLE = "env.example.yaml"
PYTHONS = {"2.5.3": "3.10", "2.11.2": "3.12", "3.3.2": "3.12"}
EDITS = 8
PARSED = "dags/mine.py  "
"""Begins what is told of a file that can be imported; other events name a line of it, or what uses it."""
VISIBLE_SECONDS = 60.0


@pytest.fixture(scope="module", params=list(PYTHONS))
def release(request: pytest.FixtureRequest) -> str:
    """One Airflow release after the other."""
    return str(request.param)


@pytest.fixture(scope="module")
def dev(release: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Developing]:
    """Develop in a project of its own; the last test of it ends that with Ctrl-C."""
    name = f"dev-{release.replace('.', '-')}"
    project = make_project(tmp_path_factory.mktemp("project"), EXAMPLE, name)
    text = (project / "env.yaml").read_text().replace("version: 2.5.3", f"version: {release}", 1)
    text = text.replace('python: "3.10"', f'python: "{PYTHONS[release]}"').replace("memory: 1024", "memory: 2048")
    (project / "env.yaml").write_text(text)
    with developing(project) as dev:
        yield dev


@pytest.fixture(scope="module")
def client(dev: Developing) -> AirflowClient:
    """Return a client of the page that `dev` names, with the password that `open` prints."""
    password = windsock("open", "env.yaml", "--password", checkout=dev.project).stdout.strip()
    return client_of_first_user(load(dev.project / "env.yaml"), dev.said("airflow"), password)


def test_a_saved_file_shows(dev: Developing, client: AirflowClient, release: str) -> None:
    """A new DAG, and each edit of it; how long each took is written down, from the save to Airflow's own list."""
    seconds = []
    for edit in range(EDITS):
        name = f"mine_{edit}"
        saved = dev.write("airflow_home/dags/mine.py", DAG.format(name=name))
        while name not in client.dags():
            assert time.monotonic() - saved < VISIBLE_SECONDS
            time.sleep(0.05)
        seconds.append(round(time.monotonic() - saved, 2))
        dev.expect(name)
    FIGURES.mkdir(parents=True, exist_ok=True)
    figures = {"release": release, "seconds": seconds, "median": statistics.median(seconds), "worst": max(seconds)}
    (FIGURES / f"{release}.json").write_text(json.dumps(figures, indent=2), encoding="utf-8")


def test_a_broken_file_names_its_line(dev: Developing) -> None:
    """Syntax, and a package that the image lacks; mended, its DAG is back."""
    dev.write("airflow_home/dags/mine.py", DAG.format(name="mine") + "def f(:\n")
    assert "SyntaxError" in dev.expect("dags/mine.py:8")
    dev.write("airflow_home/dags/mine.py", DAG.format(name="mine") + "import humanize_nothing\n")
    assert "docker/requirements.txt: humanize_nothing" in dev.expect("No module named 'humanize_nothing'")
    dev.write("airflow_home/dags/mine.py", DAG.format(name="mine"))
    dev.expect(PARSED)


def test_a_module_lets_its_users_be_parsed(dev: Developing) -> None:
    """Which say so when they can no longer be imported."""
    dev.write("airflow_home/dags/names.py", "NAME = 'named'\n")
    dev.write("airflow_home/dags/mine.py", "from names import NAME\n" + DAG.replace('"{name}"', "NAME"))
    dev.expect(PARSED)
    dev.write("airflow_home/dags/names.py", "NAMES = 1\n")
    assert "dags/mine.py" in dev.expect("names.py  used by")
    dev.expect("cannot import name 'NAME'")
    (dev.project / "airflow_home/dags/mine.py").unlink()
    dev.expect("mine.py  gone")


def test_a_dag_runs_and_its_log_is_read(dev: Developing) -> None:
    """By a verb that finds the environment itself; a task of it runs alone, too."""
    ran = windsock("run", "env.yaml", "tutorial_taskflow_api", checkout=dev.project)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr.startswith("Rehearsal of dev-")
    assert "Total order value is: 1236.70" in ran.stdout
    alone = windsock("run", "env.yaml", "tutorial_taskflow_api", "extract", checkout=dev.project)
    assert alone.returncode == 0, alone.stderr


def test_a_plugin_restarts_what_reads_it(dev: Developing) -> None:
    """Airflow reads it when it starts."""
    plugin = dev.project / "airflow_home/plugins/hello.py"
    dev.write("airflow_home/plugins/hello.py", plugin.read_text() + "\n# changed\n")
    dev.expect("restarted what reads it")


def test_the_yaml_is_rolled_out(dev: Developing) -> None:
    """A refused one changes nothing."""
    text = (dev.project / "env.yaml").read_text()
    dev.write("env.yaml", text + "nonsense: 1\n")
    dev.expect("nonsense")
    dev.write("env.yaml", text + "rehearse: {dags: [tutorial_taskflow_api]}\n")
    dev.expect("env.yaml  rolled out")


def test_the_image_is_built_anew(dev: Developing) -> None:
    """With a package more, which a DAG file then finds in each process; files are followed as before."""
    dev.write("airflow_home/dags/mine.py", DAG.format(name="after") + "import humanize\n")
    dev.expect("docker/requirements.txt: humanize")
    requirements = (dev.project / "docker/requirements.txt").read_text()
    dev.write("docker/requirements.txt", requirements + "\nhumanize==4.9.0\n")
    dev.expect("built the image, and restarted with it")
    dev.expect("after")
    ran = windsock("run", "env.yaml", "after", checkout=dev.project)
    assert ran.returncode == 0, ran.stderr
    dev.write("airflow_home/dags/mine.py", DAG.format(name="later") + "import humanize\n")
    dev.expect("later")


def test_it_is_checked_while_it_runs(dev: Developing) -> None:
    """As a rehearsal checks it, without deploying."""
    done = windsock("rehearse", "env.yaml", "--again", checkout=dev.project)
    assert done.returncode == 0, done.stderr
    assert "run: tutorial_taskflow_api; not run: later, tutorial" in done.stderr


def test_ctrl_c_leaves_nothing(dev: Developing) -> None:
    """No process, no folder; the project has no file that it had not before."""
    directory = directory_of(cache_root(os.environ), load(dev.project / "env.yaml").name, kept=True)
    assert directory.is_dir()
    assert "nothing of it is left on this machine" in dev.interrupt()
    assert not directory.exists()
    assert list(processes.touching(directory)) == []
    assert not list(dev.project.rglob("__pycache__"))
