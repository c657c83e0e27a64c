"""An Airflow home that nobody wrote for Windsock is rehearsed unchanged, and every part of it takes effect."""

import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from rehearsal.clients.airflow_client import LOGIN_FORMS, AirflowClient, WebFacts
from spec.environment import Environment
from spec.reading.load import load
from tests.life.kept import ROOT, Kept, windsock

pytestmark = pytest.mark.airflow

FOREIGN = Path(__file__).with_name("foreign")
YAML = """\
name: foreign
aws: {{account: "123456789012", region: eu-central-1}}
network: {{allowed_cidrs: [203.0.113.0/24]}}
database: {{kind: container, engine: postgres, version: "15"}}
airflow: {{version: {version}, python: "{python}", config: {{{config}}}}}
"""
BELOW_A_PATH = 'api: {base_url: "http://tools.example.com/data/airflow"}'
RELEASES = (("2.5.3", "3.10", ""), ("3.3.2", "3.12", BELOW_A_PATH))
"""Each with its Python and options."""


@dataclass(frozen=True)
class Site:
    """The foreign home in a kept rehearsal, somebody who is logged in there, and what the rehearsal said."""

    kept: Kept
    client: AirflowClient
    said: str

    @property
    def env(self) -> Environment:
        """The environment."""
        return load(self.kept.environment)


@pytest.fixture(scope="module", params=RELEASES, ids=lambda release: release[0])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Rehearse the home with the oldest release, and with the newest on a site below a path; end each at its end."""
    version, python, config = request.param
    project = tmp_path_factory.mktemp("project")
    shutil.copytree(FOREIGN / "airflow_home", project / "airflow_home")
    _pack(FOREIGN / "packed", project / "airflow_home" / "dags" / "packed.zip")
    (project / "docker").symlink_to(ROOT / "docker")
    environment = project / "env.yaml"
    environment.write_text(YAML.format(version=version, python=python, config=config), encoding="utf-8")
    ports = ("--port", "0", "--endpoint-port", "0")
    done = windsock("rehearse", "--keep", *ports, "--dag", "orders", "--dag", "packed", checkout=project)
    assert done.returncode == 0, done.stderr
    try:
        kept = Kept(environment, dict(re.findall(r"^export (\w+)=(\S+)$", done.stdout, re.MULTILINE)))
        yield Site(kept, _log_in(kept), done.stderr)
    finally:
        windsock("rehearse", "--stop", checkout=project)


def _pack(folder: Path, archive: Path) -> None:
    with zipfile.ZipFile(archive, "w") as packed:
        for file in sorted(folder.rglob("*.py")):
            packed.write(file, file.relative_to(folder))


def _log_in(kept: Kept) -> AirflowClient:
    web = load(kept.environment).airflow.release.web
    facts = WebFacts(health_path=web.health_path, api_path=web.api_path, login=web.login)
    client = AirflowClient(kept.site_url, facts)
    client.login("airflow", kept.admin_password())
    return client


def test_dags_find_plugins_include_and_each_other(site: Site) -> None:
    """`orders` reads all of them and succeeded, and so did the DAG in the archive; nothing else was read."""
    assert "2 succeeded, no import errors" in site.said
    dags = site.client._api("GET", "/dags")["dags"]
    assert {dag["dag_id"] for dag in dags} == {"orders", "packed"}


def test_the_policy_takes_effect(site: Site) -> None:
    """Of `airflow_local_settings.py`, which Airflow finds in `config/`."""
    tasks: list[dict[str, Any]] = site.client._api("GET", "/dags/orders/tasks")["tasks"]
    assert [task["owner"] for task in tasks] == ["acme"]


def test_the_settings_of_the_pages_take_effect(site: Site) -> None:
    """The theme of the home's own webserver_config.py; a person logs in as the YAML says."""
    form = site.kept.site_url + LOGIN_FORMS[site.env.airflow.release.web.login]
    assert "simplex.css" in requests.get(form, timeout=30).text  # as a guest: Airflow 3 shows it to nobody else


def test_log_lines_are_json_without_a_file_of_windsocks_in_the_home(site: Site) -> None:
    """The rehearsal counted them, and the log of the scheduler has the lines of tasks."""
    done = site.kept.run("logs", str(site.kept.environment), "scheduler", "--since", "1h", "--raw")
    lines = [json.loads(line[line.index("{") :]) for line in done.stdout.splitlines() if "{" in line]
    assert {line.get("dag_id") for line in lines if line.get("task_id") == "count"} == {"orders"}
