"""The example DAGs of Airflow's own distributions are parsed and run as somebody's home, unchanged."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from acceptance.airflow.missing_packages import requirement_of
from acceptance.images.airflow_virtualenv import build_airflow
from cli.terminal.cache_dir import cache_root
from deployer.release.runtime_layer import write_runtime
from spec.releases.table import NEWEST, RELEASES
from tests.life.kept import ROOT, windsock
from tests.spec.minimal import minimal

pytestmark = pytest.mark.airflow

FEWEST = {"2.5.3": 30, "2.10.5": 40, "2.11.2": 40, "3.3.2": 60}
"""How many files with DAGs a release brings at least, with the providers that the image has."""

LACKING = {"2.5.3": {"pandas"}, "2.10.5": set(), "2.11.2": {"datafusion"}, "3.3.2": set()}
"""The lines of requirements.txt that the examples need besides."""

SOME = (
    "example_branch_labels",
    "example_complex",
    "example_nested_branch_dag",
    "example_task_group",
    "example_xcom",
    "tutorial_taskflow_api",
)
"""DAGs that need nothing but themselves."""

PLUGINS = """\
from airflow.example_dags.plugins.decreasing_priority_weight_strategy import DecreasingPriorityWeightStrategyPlugin
from airflow.example_dags.plugins.workday import WorkdayTimetablePlugin
"""
"""What two of the examples use; Airflow registers it by itself only where it loads its examples by itself."""

YAML = """\
name: examples
aws: {{account: "123456789012", region: eu-central-1}}
network: {{allowed_cidrs: [203.0.113.0/24]}}
database: {{kind: container, engine: postgres, version: "15"}}
airflow: {{version: {version}, python: "{python}"}}
"""

newest_alone = [
    version if version == NEWEST.version else pytest.param(version, marks=pytest.mark.endurance) for version in FEWEST
]


def _virtualenv(version: str) -> Path:
    release = RELEASES[version]
    env = minimal('version: 2.5.3, python: "3.10"', f'version: {version}, python: "{release.python}"')
    return build_airflow(env, ROOT, cache_root(os.environ) / "environments")


def _copy_examples(virtualenv: Path, dags: Path) -> None:
    (packages,) = virtualenv.glob("lib/python3*/site-packages")
    for folder in sorted(packages.glob("airflow/**/example_dags")):
        name = "_".join(folder.relative_to(packages / "airflow").parent.parts) or "core"
        shutil.copytree(folder, dags / name, ignore=shutil.ignore_patterns("__pycache__"))


def _parsed(virtualenv: Path, home: Path) -> list[dict[str, Any]]:
    variables = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "HOME": str(home),
        "PATH": f"{virtualenv / 'bin'}:/usr/bin:/bin",
        "PYTHONPATH": str(write_runtime(home.parent / "windsock").parent),
    }
    program = [str(virtualenv / "bin" / "python"), "-m", "windsock_runtime.parse_dags"]
    done = subprocess.run(program, check=True, capture_output=True, text=True, env=variables)
    entries = (json.loads(line) for line in done.stdout.splitlines() if line.startswith("{"))
    return [entry for entry in entries if entry.get("kind") == "dag_file" and "file" in entry]


@pytest.mark.parametrize("version", newest_alone)
def test_every_example_is_parsed_or_names_the_package_that_it_lacks(version: str, tmp_path: Path) -> None:
    """Dozens of files that nobody here wrote; of the rest, the line to add is known."""
    virtualenv = _virtualenv(version)
    _copy_examples(virtualenv, tmp_path / "home" / "dags")
    entries = _parsed(virtualenv, tmp_path / "home")
    assert sum("dags" in entry for entry in entries) >= FEWEST[version]
    reasons = [entry["error"].strip().splitlines()[-1] for entry in entries if "error" in entry]
    assert all("No module named" in reason for reason in reasons), reasons
    assert {requirement_of(reason.split("'")[1]) for reason in reasons} == LACKING[version]


@pytest.mark.endurance
def test_the_examples_rehearse(tmp_path: Path) -> None:
    """All of them are found, and some of them run and succeed."""
    python = NEWEST.python
    _copy_examples(_virtualenv(NEWEST.version), tmp_path / "airflow_home" / "dags")
    (tmp_path / "airflow_home" / "plugins").mkdir()
    (tmp_path / "airflow_home" / "plugins" / "examples.py").write_text(PLUGINS)
    (tmp_path / "docker").symlink_to(ROOT / "docker")
    (tmp_path / "env.yaml").write_text(YAML.format(version=NEWEST.version, python=python))
    chosen = [word for dag in SOME for word in ("--dag", dag)]
    done = windsock("rehearse", "--port", "0", "--endpoint-port", "0", *chosen, checkout=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"{len(SOME)} succeeded, no import errors" in done.stderr
