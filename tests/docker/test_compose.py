"""Tests of the Compose file: it runs env.example.yaml's release, with no secret in it and nothing open to the world."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from spec.releases import RELEASES

FILE = Path(__file__).parents[2] / "docker" / "compose.yaml"
RELEASE = next(iter(RELEASES.values()))
SECRETS = {"DB_PASSWORD", "ADMIN_PASSWORD", "FERNET_SEED", "WEBSERVER_SECRET_KEY"}
AIRFLOW = ("init", "webserver", "scheduler")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """The services of the file, anchors resolved."""
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text())["services"]
    return loaded


def test_runs_what_the_release_needs_and_no_more(services: dict[str, Any]) -> None:
    """A database, its initialisation and the processes that are not optional: no Redis, no workers."""
    needed = {name for name, process in RELEASE.processes.items() if not process.optional}
    assert set(services) == {"postgres", "init"} | needed


def test_demands_every_secret() -> None:
    """Each secret comes from outside, and Compose refuses to start without it."""
    variables = re.findall(r"\$\{(\w+)(:\?[^}]+)?\}", FILE.read_text())
    assert {name for name, _ in variables} == SECRETS
    assert all(demand for _, demand in variables)


def test_initialises_as_the_release_wants(services: dict[str, Any]) -> None:
    """The init container runs the release's own command, then makes the admin user from standard input."""
    script = services["init"]["command"][-1]
    assert script.startswith(RELEASE.initialise_database + " && printf")
    assert "--password" not in script


def test_processes_wait_for_a_prepared_database(services: dict[str, Any]) -> None:
    """Nothing starts before the database answers and is initialised."""
    assert services["init"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for name in ("webserver", "scheduler"):
        assert services[name]["depends_on"] == {"init": {"condition": "service_completed_successfully"}}


def test_health_is_asked_where_the_release_answers(services: dict[str, Any]) -> None:
    """The webserver's health check asks the path that the release table names."""
    assert f"http://localhost:8080{RELEASE.web.health_path}" in services["webserver"]["healthcheck"]["test"][-1]
    assert "http://localhost:8974/health" in services["scheduler"]["healthcheck"]["test"][-1]


def test_code_is_mounted_read_only(services: dict[str, Any]) -> None:
    """Only logs can be written; what is mounted from the checkout cannot, and is there."""
    for name in AIRFLOW:
        for volume in services[name]["volumes"]:
            source, _, mode = volume.partition(":")
            assert source == "logs" or (mode.endswith(":ro") and (FILE.parent / source).exists())


def test_the_web_interface_is_for_this_machine_only(services: dict[str, Any]) -> None:
    """The one published port is bound to loopback."""
    ports = [port for service in services.values() for port in service.get("ports", ())]
    assert ports == ["127.0.0.1:8080:8080"]


def test_builds_the_release_it_runs(services: dict[str, Any]) -> None:
    """Base image and pins are those of the release table."""
    (python,) = RELEASE.pythons
    for name in AIRFLOW:
        assert services[name]["build"]["args"] == {
            "BASE_IMG": RELEASE.base_image(python),
            "CONSTRAINTS": RELEASE.lock(python),
        }
