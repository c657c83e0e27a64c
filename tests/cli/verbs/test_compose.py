"""`windsock compose`: the Compose file, nothing else."""

from pathlib import Path

from compiler.compose import render_compose
from deployer.release.runtime_layer import RUNTIME_SOURCES
from spec.reading.load import load
from tests.cli.shell import Windsock


def test_compose_prints_the_file_alone(windsock: Windsock) -> None:
    """Stdout holds exactly the file's bytes, so that it can be redirected; it mounts what the home has."""
    Path("airflow_home/dags").mkdir(parents=True)
    lock = Path("docker/constraints", load(Path("env.yaml")).airflow.release.lock("3.10"))
    lock.parent.mkdir(parents=True)
    lock.touch()
    ran = windsock("compose", "env.yaml")
    assert (ran.code, ran.out, ran.err) == (0, render_compose(load(Path("env.yaml")), ["dags"]), "")


def test_pins_that_compose_would_not_find_are_named(windsock: Windsock) -> None:
    """Compose builds without Windsock, which would bring them; the file is printed all the same."""
    Path("docker").mkdir()
    ran = windsock("compose", "env.yaml")
    assert (ran.code, ran.out) == (0, render_compose(load(Path("env.yaml")), []))
    assert "docker alone: copy" in ran.err
    assert "airflow-2.5.3-python3.10.txt to docker/constraints" in ran.err


def test_the_folder_of_the_runtime_is_printed_alone(windsock: Windsock) -> None:
    """The shell puts it into the variable that the file names."""
    ran = windsock("compose", "--runtime")
    assert (ran.code, ran.out) == (0, f"{RUNTIME_SOURCES}\n")
    assert (RUNTIME_SOURCES / "webserver_config.py").is_file()


def test_a_refused_yaml_prints_no_compose_file(windsock: Windsock, checkout: Path) -> None:
    """The redirected file stays empty."""
    (checkout / "env.yaml").write_text("name: demo\n")
    ran = windsock("compose", "env.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert "env.yaml:1" in ran.err
