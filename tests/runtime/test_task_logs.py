"""Tests of the handler of task logs in CloudWatch inside every Airflow release."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from spec.releases.table import Release
from tests.runtime.conftest import NO_DATABASE, Home

LOG_GROUP = "cloudwatch://arn:aws:logs:eu-central-1:123456789012:log-group:tasks"
READS_NO_LINES = """
import json, logging
from types import SimpleNamespace
import airflow.settings
(handler,) = [handler for handler in logging.getLogger("airflow.task").handlers if handler.name == "task"]
handler._render_filename = lambda *_: "attempt=1.log"
read = []
if hasattr(handler, "io"):
    read = handler._read_remote_logs(SimpleNamespace(end_date=None), 1)
print(json.dumps([type(handler).__name__, *read]))
"""

pytestmark = pytest.mark.airflow


class _NoSuchStream(BaseHTTPRequestHandler):
    """Answers as CloudWatch Logs does when there is no line yet."""

    def do_POST(self) -> None:
        body = b'{"__type": "ResourceNotFoundException", "message": "The specified log stream does not exist."}'
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(400)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def no_lines() -> Iterator[str]:
    """Where a CloudWatch answers that has no line yet."""
    with HTTPServer(("127.0.0.1", 0), _NoSuchStream) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_log_without_lines_is_read(release: Release, home: Home, no_lines: str) -> None:
    """Airflow 2 has the handler that sends lines soon; until then 2.11 says so, and does not answer with an error."""
    if release.execution_api:
        pytest.skip("Airflow 3 reads lines that have not been sent from the file system")
    more = {
        **NO_DATABASE,
        "AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER": LOG_GROUP,
        "AIRFLOW__LOGGING__REMOTE_LOG_CONN_ID": "",
        "AIRFLOW__LOGGING__REMOTE_LOGGING": "True",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_ENDPOINT_URL": no_lines,
        "AWS_SECRET_ACCESS_KEY": "x",
    }
    handler, *read = json.loads(home.run(READS_NO_LINES, more)[-1])
    assert handler == "PromptTaskHandler"
    assert read in ([], [["CloudWatch has no line of this attempt yet."], []])
    assert bool(read) is release.version.startswith("2.11")
