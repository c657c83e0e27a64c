"""What Airflow says of its files and of its components."""

import pytest

from deployer.diagnosis.causes.airflow import heartbeat, import_errors, metadata
from deployer.diagnosis.evidence import Evidence
from deployer.health.airflow_health import WebHealth
from deployer.health.verify import Health
from deployer.releases.report import DagError
from tests.spec.minimal import minimal

ENV = minimal()


def _silent(name: str) -> Evidence:
    web = WebHealth(reached=True, components={name: "unhealthy", "triggerer": None})
    complaint = f"Airflow says that its {name} is unhealthy."
    return Evidence(env=ENV, health=Health(services=(), targets=(), web=web, complaints=(complaint,)))


@pytest.mark.parametrize(
    ("message", "name", "place"),
    [
        ("ModuleNotFoundError: No module named 'pandas.core'", "missing requirement", "docker/requirements.txt"),
        ("ModuleNotFoundError: No module named 'include.tables'", "import error", "airflow_home/dags/x.py:3"),
        ("AirflowTaskTimeout: DagBag import timeout for dags/x.py after 30.0s", "bad DAG", "airflow_home/dags/x.py:3"),
        ("SyntaxError: invalid syntax", "import error", "airflow_home/dags/x.py:3"),
    ],
)
def test_a_file_that_cannot_be_imported_is_named_by_its_reason(message: str, name: str, place: str) -> None:
    """A package that is missing belongs into the requirements; a module of the user's own does not."""
    (cause,) = import_errors(Evidence(env=ENV, import_errors=(DagError(file="dags/x.py", line=3, message=message),)))
    assert (cause.name, cause.file) == (name, place)


def test_a_plugin_is_called_one() -> None:
    """A line that nobody knows is left out."""
    error = DagError(file="plugins/x.py", line=0, message="ImportError: no y")
    (cause,) = import_errors(Evidence(env=ENV, import_errors=(error,)))
    assert (cause.name, cause.file) == ("broken plugin", "airflow_home/plugins/x.py")


def test_a_component_without_a_heartbeat_is_named() -> None:
    """The database is no process."""
    (cause,) = heartbeat(_silent("dag_processor"))
    assert cause.key == ("services", "dag_processor", "cpu")
    assert list(heartbeat(_silent("metadatabase"))) == []


def test_a_database_that_airflow_does_not_reach_is_named() -> None:
    """As Airflow says."""
    (cause,) = metadata(_silent("metadatabase"))
    assert cause.name == "database does not answer"
    assert list(metadata(_silent("scheduler"))) == []
