"""Deploys and a teardown that end with SIGKILL as a phase begins are completed by the same command again."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.life.kept import ROOT, WINDSOCK, Kept, keeping

pytestmark = pytest.mark.airflow

ENVIRONMENT = "tests/life/upgrade.yaml"
NUMBERED = """
from airflow.configuration import conf
from airflow.decorators import dag, task
from pendulum import datetime

NUMBER = {number}


@dag(schedule=None, start_date=datetime(2026, 1, 1), tags=["{number}"])
def numbered():
    @task
    def compare():
        from planted import NUMBER as planted

        assert (conf.getint("core", "parallelism"), planted) == (NUMBER, NUMBER)

    compare()


numbered()
"""
"""A DAG that fails unless the option of the YAML and the plugin are those that came with it."""

PHASES = ("preflight", "templates", "image", "code", "sync", "services", "verify")
"""What a deploy goes through that brings new templates, a DAG and a plugin."""
SAMPLE = "services"
"""The phase that every run of the tests kills; `make endurance` kills all."""


@pytest.fixture(scope="module")
def kept() -> Iterator[Kept]:
    """Keep an environment; the last test takes it down."""
    with keeping(ENVIRONMENT, "--dag", "tutorial_taskflow_api") as kept:
        yield kept


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder from which everything is deployed, with code of its own."""
    checkout = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "airflow_home", checkout / "airflow_home")
    (checkout / "docker").symlink_to(ROOT / "docker")
    return checkout


def _killed(kept: Kept, checkout: Path, phase: str, *command: str) -> bool:
    """Run a command and kill it as soon as it says that a phase begins; return whether it did."""
    variables, pipe = {**os.environ, **kept.variables}, subprocess.PIPE
    with subprocess.Popen([WINDSOCK, *command], cwd=checkout, env=variables, stderr=pipe, text=True) as process:
        assert process.stderr
        for line in process.stderr:
            if line.startswith(f"== {phase}"):
                process.kill()
                return True
    return False


@pytest.mark.parametrize(
    "phase", [pytest.param(one, marks=() if one == SAMPLE else pytest.mark.endurance) for one in PHASES]
)
def test_a_deploy_that_was_killed_is_completed_by_the_next(kept: Kept, checkout: Path, phase: str) -> None:
    """Afterwards everything is as the YAML and the code say, and a third deploy has nothing to do."""
    number = PHASES.index(phase) + 20
    text = (ROOT / ENVIRONMENT).read_text(encoding="utf-8")
    option = f"  config: {{core: {{parallelism: {number}}}}}\n"
    (checkout / "env.yaml").write_text(text.replace("  home: airflow_home\n", f"  home: airflow_home\n{option}"))
    (checkout / "airflow_home" / "dags" / "numbered.py").write_text(NUMBERED.format(number=number))
    (checkout / "airflow_home" / "plugins" / "planted.py").write_text(f"NUMBER = {number}\n")
    compiled = kept.run("compile", "env.yaml", checkout=checkout)
    assert compiled.returncode == 0, compiled.stderr
    deploy = ("deploy", "env.yaml", "--yes")
    assert _killed(kept, checkout, phase, *deploy)
    done = kept.run(*deploy, checkout=checkout)
    assert done.returncode == 0, done.stderr
    ran = kept.run("run", "env.yaml", "numbered", checkout=checkout)
    assert ran.returncode == 0, ran.stderr
    done = kept.run(*deploy, checkout=checkout)
    assert "was up to date" in done.stderr


@pytest.mark.endurance
def test_a_teardown_that_was_killed_is_completed_by_the_next(kept: Kept, checkout: Path) -> None:
    """Nothing is left."""
    teardown = ("teardown", "env.yaml", "--yes")
    assert _killed(kept, checkout, "delete", *teardown)
    done = kept.run(*teardown, checkout=checkout)
    assert done.returncode == 0, done.stderr
    assert "nothing of it is left" in done.stderr
