"""Tests of the lines of releases that have no option for JSON, and of the web server in them."""

import json

import pytest

from spec.releases.table import Release
from tests.runtime.conftest import Home

FAILS = """
import logging, warnings
import airflow, airflow.settings, structlog
for log in (logging.getLogger("airflow.jobs"), structlog.get_logger("airflow.jobs")):
    try:
        1 / 0
    except ZeroDivisionError:
        log.exception("two\\nlines of %s", "\\u202eone")
warnings.warn("old")
"""
SERVES = """
import logging, logging.config, sys
import airflow, airflow.settings, uvicorn.config
uvicorn.config.LOGGING_CONFIG["handlers"]["default"]["stream"] = "ext://sys.stdout"
logging.config.dictConfig(uvicorn.config.LOGGING_CONFIG)
logging.getLogger("uvicorn.error").info("Started server process [%d]", 7)
logging.getLogger("uvicorn.access").info('%s - "%s %s HTTP/%s" %d', "10.0.0.1:1", "GET", "/", "1.1", 200)
"""

pytestmark = pytest.mark.airflow


@pytest.fixture
def plain(release: Release, home: Home) -> Home:
    """Return a home whose Airflow has no option for JSON."""
    if not release.execution_api or "json_logs" in release.config["logging"]:
        pytest.skip("this release has other means")
    return home


def test_a_failure_is_one_line(plain: Home) -> None:
    """Its traceback is data, and what it says is steered by nobody."""
    text = plain.run(FAILS)
    lines = [json.loads(line) for line in text]
    failures = [line for line in lines if line["event"] == "two\nlines of \u202eone"]
    assert [line["level"] for line in failures] == ["error", "error"]
    assert {line["logger"] for line in failures} == {"airflow.jobs"}
    assert {line["exception"][0]["exc_type"] for line in failures} == {"ZeroDivisionError"}
    assert all(line["lineno"] and line["filename"] for line in failures)
    assert [line["level"] for line in lines if "UserWarning: old" in line["event"]] == ["warning"]


def test_lines_of_the_web_server_have_the_same_fields(plain: Home) -> None:
    """It configures its loggers by itself, by defaults that are changed before it does."""
    said = [json.loads(line) for line in plain.run(SERVES)][-2:]
    assert [line["event"] for line in said] == ["Started server process [7]", '10.0.0.1:1 - "GET / HTTP/1.1" 200']
    assert [line["logger"] for line in said] == ["uvicorn.error", "uvicorn.access"]
