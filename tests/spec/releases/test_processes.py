"""Promises of the processes: what asks whether they are well is sound Python, cheap, and asks the database at hand."""

import ast
import shlex
import sys

import pytest

from spec.releases.engines import ENGINES
from spec.releases.processes import (
    BASE_PATH,
    DAG_PROCESSOR,
    DRIVER,
    GUNICORN,
    SCHEDULER,
    TRIGGERER,
    Process,
    web_server,
)

ALL = (GUNICORN, SCHEDULER, DAG_PROCESSOR, TRIGGERER)


def _imports(process: Process, driver: str) -> set[str]:
    python, flag, script, *_ = shlex.split(process.health.replace(DRIVER, driver))
    assert (python, flag) == ("python", "-c")
    statements = ast.walk(ast.parse(script))
    return {alias.name for node in statements if isinstance(node, ast.Import) for alias in node.names}


@pytest.mark.parametrize("process", ALL, ids=lambda process: process.name)
def test_a_check_imports_no_airflow(process: Process) -> None:
    """Its import would cost seconds of processor time at every check; the standard library and a driver suffice."""
    drivers = {facts.driver for facts in ENGINES.values()}
    for driver in drivers:
        assert _imports(process, driver) <= {*sys.stdlib_module_names, "urllib.request", driver}


@pytest.mark.parametrize("process", [DAG_PROCESSOR, TRIGGERER], ids=lambda process: process.name)
def test_a_heartbeat_is_read_with_the_driver_of_the_database(process: Process) -> None:
    """The driver of the engine is the only thing that differs."""
    for facts in ENGINES.values():
        assert facts.driver in _imports(process, facts.driver)


def test_a_web_server_is_checked_at_its_health_path() -> None:
    """At the path of its release below that of the site, from inside the container."""
    server = web_server("airflow api-server", "/api/v2/monitor/health")
    assert f"http://localhost:8080{BASE_PATH}/api/v2/monitor/health" in server.health
    assert (server.port, server.writes_logs) == (8080, False)
