"""Scripts that see the database of an Airflow with DAGs of their own, and what all of them begin with."""

from pathlib import Path

from spec.releases.table import Release
from tests.runtime.conftest import Home

DAGS = """
import os
from datetime import datetime, timedelta
try:
    from airflow.sdk import DAG, Asset
except ImportError:
    from airflow import DAG
    from airflow.datasets import Dataset as Asset
try:
    from airflow.providers.standard.operators.empty import EmptyOperator
except ImportError:
    from airflow.operators.empty import EmptyOperator
"""

SCRIPT = """
import json, os, sys
from datetime import datetime, timedelta
from airflow.models.dag import DagModel
from airflow.models.dagrun import DagRun
from airflow.models.taskinstance import TaskInstance
from airflow.models.trigger import Trigger
from airflow.utils import db
from airflow.utils.session import create_session
db.initdb()
from airflow.__main__ import main
sys.argv = ["airflow", "dags", "reserialize"]
main()
from airflow.api.common.trigger_dag import trigger_dag
try:
    from airflow.providers.standard.triggers.temporal import DateTimeTrigger, TimeDeltaTrigger
except ImportError:
    from airflow.triggers.temporal import DateTimeTrigger, TimeDeltaTrigger
try:
    from airflow.utils.types import DagRunTriggeredByType
    by = {"triggered_by": DagRunTriggeredByType.CLI}
except ImportError:
    by = {}
from windsock_runtime.due.look import look
"""


def run_script(release: Release, virtualenv: Path, folder: Path, dags: str, script: str, **more: str) -> list[str]:
    """Return the stdout lines of a script in a new Airflow home in `folder`, whose database knows the DAGs."""
    (folder / "home" / "dags").mkdir(parents=True)
    (folder / "home" / "dags" / "all.py").write_text(DAGS + dags)
    manager = release.config["core"].get("auth_manager")
    options = {
        **({"AIRFLOW__CORE__AUTH_MANAGER": str(manager)} if manager else {}),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{folder}/airflow.db",
        "AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(folder / "home" / "dags"),
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
    }
    return Home(folder / "home", virtualenv).run(SCRIPT + script, {**options, **more})
