"""Tests of gunicorn's log lines inside every release that has gunicorn."""

import json

import pytest

from spec.releases.table import Release
from tests.runtime.conftest import Home

LOGS_A_START = """
import sys
from gunicorn.config import Config
from windsock_runtime.gunicorn_logger import JsonLogger
settings = Config()
settings.set("errorlog", "-")
logger = JsonLogger(settings)
logger.error_log.handlers[0].stream = sys.stdout
logger.info("Listening at: %s", "http://0.0.0.0:8080")
"""

pytestmark = pytest.mark.airflow


def test_lines_of_gunicorn_are_json(release: Release, home: Home) -> None:
    """It configures its loggers by itself, out of reach of Airflow's settings."""
    if release.execution_api:
        pytest.skip("this release serves its pages without gunicorn")
    line = json.loads(home.run(LOGS_A_START)[-1])
    assert (line["level"], line["message"]) == ("info", "Listening at: http://0.0.0.0:8080")
