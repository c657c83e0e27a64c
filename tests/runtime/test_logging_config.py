"""Tests of the logging configuration inside every Airflow release."""

import json

import pytest

from spec.releases.table import Release
from tests.runtime.conftest import Home

LOGS_A_SECRET = """
import logging
import airflow, airflow.settings
try:
    import structlog
    from airflow.sdk.log import mask_secret
    task = structlog.get_logger("task")
except ImportError:
    from airflow.utils.log.secrets_masker import mask_secret
    task = logging.getLogger("airflow.task")
    # as `airflow tasks run` does: Airflow 2 masks in tasks only
    airflow.settings.MASK_SECRETS_IN_LOGS = True
mask_secret("hush-4711")
logging.getLogger("airflow.jobs").warning("two\\nlines")
task.warning("the secret is hush-4711")
"""

ONLY_READS_LOGS = """
import errno, pathlib
made = pathlib.Path.mkdir
def make(folder, *arguments, **options):
    if "/logs/scheduler" in str(folder):
        raise OSError(errno.EROFS, "Read-only file system", str(folder))
    made(folder, *arguments, **options)
pathlib.Path.mkdir = make
import airflow, airflow.settings
airflow.settings.initialize()
print("started")
"""

pytestmark = pytest.mark.airflow


def test_lines_are_json_without_secrets(home: Home) -> None:
    """Processes and tasks log JSON on stdout, one line each, with the secrets masked."""
    lines = [json.loads(line) for line in home.run(LOGS_A_SECRET)]
    said = [line.get("message", line.get("event")) for line in lines]
    assert "two\nlines" in said
    assert "the secret is ***" in said
    assert all({"timestamp", "level", "logger"} <= set(line) for line in lines)


def test_a_configuration_of_the_users_own_wins(release: Release, home: Home) -> None:
    """Its module lies in `config/`, and nothing of Windsock's is loaded."""
    (home.folder / "config").mkdir()
    (home.folder / "config" / "my_logs.py").write_text(
        "from airflow.config_templates.airflow_local_settings import DEFAULT_LOGGING_CONFIG as LOGGING_CONFIG\n"
        "print('mine')\n"
    )
    script = "import sys, airflow, airflow.settings; airflow.settings.initialize()\n"
    script += "print('windsock_runtime' in sys.modules)"
    more = {"AIRFLOW__LOGGING__LOGGING_CONFIG_CLASS": "my_logs.LOGGING_CONFIG"}
    said = home.run(script, {**more, "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "sqlite:////tmp/none.db"})
    assert "mine" in said, release.version
    assert said[-1] == "False"


def test_a_process_that_only_reads_logs_starts_on_a_day_without_lines_of_dag_files(home: Home) -> None:
    """The web server: Airflow 2 makes a folder for each day as soon as it starts."""
    more = {
        "AIRFLOW__SCHEDULER__CHILD_PROCESS_LOG_DIRECTORY": str(home.folder / "logs" / "scheduler"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home.folder}/none.db",
    }
    assert home.run(ONLY_READS_LOGS, more)[-1] == "started"
