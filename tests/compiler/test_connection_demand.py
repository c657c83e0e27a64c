"""What Airflow opens at most, against what its database takes."""

import pytest

from compiler.connection_demand import demands, remedy, shortage
from spec.environment import Environment
from tests.spec.minimal import PYTHON, minimal

THREE = 'version: 3.3.2, python: "3.12"'
TWO = 'version: 2.5.3, python: "3.10"'
SEVERAL = """
services:
  webserver: {cpu: 512, memory: 1024, count: 2}
  scheduler: {cpu: 1024, memory: 2048, count: 2}
  dag_processor: {cpu: 512, memory: 1024, count: 2}
  triggerer: {cpu: 512, memory: 1024, count: 3}
"""


def _all(env: Environment) -> dict[str, tuple[int, int]]:
    return {demand.name: (demand.tasks, demand.each) for demand in demands(env)}


def test_tasks_of_airflow_2_connect_themselves() -> None:
    """Its web server answers one request per process, and its scheduler parses files."""
    found = _all(
        minimal(PYTHON, f"{PYTHON}, config: {{core: {{parallelism: 7}}, scheduler: {{parsing_processes: 3}}}}")
    )
    assert found == {
        "webserver": (2, 4),
        "scheduler": (1, 5 + 1 + 3),
        "Airflow tasks": (7, 2),
        "one-off Airflow commands": (1, 5),
    }


def test_tasks_of_airflow_3_have_no_connection() -> None:
    """Its API server has two pools; while a deploy replaces tasks, more of them run than the YAML says."""
    assert _all(minimal(TWO, THREE, more=SEVERAL)) == {
        "webserver": (4, 5 + 10 + 5),
        "scheduler": (2, 5),
        "DAG processor": (3, 5 + 1),
        "triggerer": (4, 5 + 1),
        "one-off Airflow commands": (1, 5),
    }


@pytest.mark.parametrize("release", [TWO, THREE])
def test_what_windsock_chooses_by_itself_is_enough(release: str) -> None:
    """The smallest instance, and each process once."""
    assert shortage(minimal(TWO, release)) == ""


def test_too_many_connections_are_said_with_a_class_that_takes_them() -> None:
    """With the share of each; that class is enough, and one smaller is not."""
    env = minimal(TWO, THREE, more=SEVERAL)
    said = shortage(env)
    assert said.startswith("Airflow may open 137 connections (webserver 4 x 20, ")
    assert said.endswith("and this database takes 85")
    assert remedy(env).startswith("write database.instance: db.t4g.small, or lower")
    assert shortage(minimal(TWO, THREE, more=f"{SEVERAL}database: {{instance: db.t4g.small}}\n")) == ""


def test_a_container_takes_what_it_was_started_for() -> None:
    """No line of the YAML gives it more."""
    parallel = f"{PYTHON}, config: {{core: {{parallelism: 200}}}}"
    env = minimal(PYTHON, parallel, more='database: {kind: container, engine: postgres, version: "15"}\n')
    assert shortage(env).endswith("this database takes 200")
    assert remedy(env).startswith("lower a count")
