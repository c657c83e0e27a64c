"""Tests of the remote log of tasks in CloudWatch inside every Airflow 3."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from spec.releases.table import Release
from tests.runtime.conftest import NO_DATABASE, Home

LOG_GROUP = "cloudwatch://arn:aws:logs:eu-central-1:123456789012:log-group:tasks"
ASKS = """
from airflow.sdk.log import load_remote_log_handler
remote = load_remote_log_handler()
if remote and hasattr(remote, "handler"):
    remote.handler.close()  # as dictConfig does with those that it finds
for process in remote.processors if remote else ():
    process(None, "info", {"event": "a line"})
handler = getattr(remote, "handler", None)
print(type(remote).__name__, getattr(handler, "send_interval", None), getattr(handler, "shutting_down", None))
"""

pytestmark = pytest.mark.airflow


class _Content(BaseHTTPRequestHandler):
    """Answers as an AWS that is content with everything."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def aws() -> Iterator[str]:
    """Where an AWS answers that takes every line."""
    with HTTPServer(("127.0.0.1", 0), _Content) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def _remote(release: Release, home: Home, folder: str, aws: str) -> str:
    if not release.execution_api:
        pytest.skip("Airflow 2 has a handler of its own: test_task_logs.py")
    more = {
        **NO_DATABASE,
        "AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER": folder,
        "AIRFLOW__LOGGING__REMOTE_LOG_CONN_ID": "",
        "AIRFLOW__LOGGING__REMOTE_LOGGING": "True" if folder else "False",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_ENDPOINT_URL": aws,
        "AWS_SECRET_ACCESS_KEY": "x",
    }
    return home.run(ASKS, more)[-1]


def test_lines_are_sent_within_seconds(release: Release, home: Home, aws: str) -> None:
    """The provider gathers them for a minute, in which a log looks empty; and some drop all that follow a setup."""
    assert _remote(release, home, LOG_GROUP, aws) == "PromptRemoteLog 5 False"


@pytest.mark.parametrize(("folder", "name"), [("s3://bucket/logs", "S3RemoteLogIO"), ("", "NoneType")])
def test_other_places_are_left_to_airflow(release: Release, home: Home, aws: str, folder: str, name: str) -> None:
    """Files of S3 are sent at the end."""
    assert _remote(release, home, folder, aws).split()[0] == name
