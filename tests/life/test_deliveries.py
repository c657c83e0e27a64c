"""A deployed file system goes when the YAML says releases and a person allows it, and comes back."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from acceptance.airflow.clients import web_facts
from rehearsal.clients.airflow_client import AirflowClient
from spec.reading.load import load
from tests.life.kept import Kept, keep
from tests.life.waiting import until

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]
EFS, RELEASE = "code: {delivery: efs}", "code: {delivery: release}"
DAG = "tutorial_taskflow_api"
ASKED = ("Storage/FileSystem", "Storage/SyncLogGroup")


@pytest.fixture(scope="module")
def kept() -> Iterator[Kept]:
    """Keep an environment with a file system; take it down at the end, with nothing left."""
    kept = keep("tests/life/deliveries.yaml", "--dag", DAG)
    yield kept
    done = kept.run("teardown", str(kept.environment), "--yes")
    assert done.returncode == 0, done.stderr
    assert "Nothing kept." in done.stdout


def test_a_file_system_goes_only_when_it_is_named_twice(kept: Kept, tmp_path: Path) -> None:
    """By the YAML and by the permission; then DAGs run from releases. On the way back services wait for their code."""
    text = kept.environment.read_text(encoding="utf-8")
    unsaid = kept.deploy(text.replace(EFS, ""), tmp_path)
    assert unsaid.returncode != 0
    assert "Add `code: {delivery: efs}`" in unsaid.stderr
    lost = kept.deploy(text.replace(EFS, RELEASE), tmp_path)
    assert lost.returncode != 0
    assert " ".join(f"--allow-replace {path}" for path in ASKED) in lost.stderr
    assert _file_systems(kept) == 1
    _runs_after(kept, _allowed(kept, text.replace(EFS, RELEASE), tmp_path))
    assert _file_systems(kept) == 0
    assert "current" in kept.run("releases", "env.yaml", checkout=tmp_path).stdout
    _runs_after(kept, kept.deploy(f"{text}logs: {{remote: cloudwatch}}\n", tmp_path))
    assert _file_systems(kept) == 1


def _allowed(kept: Kept, text: str, checkout: Path) -> subprocess.CompletedProcess[str]:
    kept.deploy(text, checkout)
    permissions = (word for path in ASKED for word in ("--allow-replace", path))
    return kept.run("deploy", "env.yaml", "--yes", *permissions, checkout=checkout)


def _runs_after(kept: Kept, done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stdout + done.stderr
    client = AirflowClient(kept.web_url, web_facts(load(kept.environment)))
    client.login("airflow", kept.admin_password())
    until(lambda: DAG in client.dags())
    client.unpause(DAG)
    run = client.trigger(DAG)
    until(lambda: client.run_state(DAG, run) in {"success", "failed"})
    assert client.run_state(DAG, run) == "success"


def _file_systems(kept: Kept) -> int:
    efs: Any = kept.client("efs")
    return len(efs.describe_file_systems()["FileSystems"])
