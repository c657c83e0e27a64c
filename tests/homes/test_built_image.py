"""A Dockerfile that says more than requirements takes effect in a rehearsal: packages, files, variables, secrets."""

import os
import shutil
from pathlib import Path

import pytest

from tests.life.kept import ROOT, windsock

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]

YAML = """\
name: built
aws: {account: "123456789012", region: eu-central-1}
network: {allowed_cidrs: [203.0.113.0/24]}
database: {kind: container, engine: postgres, version: "15"}
airflow: {version: 2.11.2, python: "3.12"}
image: {secrets: [PIP_TOKEN]}
"""

OWN = """
USER root
RUN apt-get update && apt-get install -y --no-install-recommends libaio1
USER 50000
RUN --mount=type=secret,id=PIP_TOKEN,uid=50000 test "$(cat /run/secrets/PIP_TOKEN)" = s3cr3t-token
RUN pip install --no-cache-dir humanize==4.12.3
ENV STAGE=prod DBT_PROFILES_DIR=/opt/dbt
COPY --chmod=600 --chown=50000 profiles.yml /opt/dbt/profiles.yml
"""

DAG = '''\
"""Uses everything that the image brings."""

import ctypes
import datetime
import os
import subprocess
from pathlib import Path

import humanize
from airflow import DAG
from airflow.operators.python import PythonOperator


def use():
    ctypes.CDLL("libaio.so.1")
    subprocess.run(["jq", "--version"], check=True)
    assert Path(os.environ["DBT_PROFILES_DIR"], "profiles.yml").read_text() == "target: prod\\\\n"
    assert os.environ["STAGE"] == "prod"
    assert humanize.ordinal(1) == "1st"
    assert "PIP_TOKEN" not in os.environ


with DAG("needs_image", start_date=datetime.datetime(2024, 1, 1), schedule=None) as dag:
    PythonOperator(task_id="use", python_callable=use)
'''


def test_everything_that_a_dockerfile_brings_is_there(tmp_path: Path) -> None:
    """Debian packages of both places, a package of pip, variables, a file; the secret is in no file of the image."""
    shutil.copytree(ROOT / "docker", tmp_path / "docker")
    with (tmp_path / "docker" / "Dockerfile").open("a") as file:
        file.write(OWN)
    (tmp_path / "docker" / "packages.txt").write_text("jq\n")
    (tmp_path / "docker" / "profiles.yml").write_text("target: prod\n")
    (tmp_path / "airflow_home" / "dags").mkdir(parents=True)
    (tmp_path / "airflow_home" / "dags" / "needs_image.py").write_text(DAG.replace("\\\\n", "\\n"))
    (tmp_path / "env.yaml").write_text(YAML)
    ports = ("--port", "0", "--endpoint-port", "0")
    token = {**os.environ, "PIP_TOKEN": "s3cr3t-token"}
    done = windsock("rehearse", *ports, "--dag", "needs_image", checkout=tmp_path, env=token)
    assert done.returncode == 0, done.stderr
    assert "1 succeeded, no import errors" in done.stderr
    assert "s3cr3t-token" not in done.stderr + done.stdout
