"""The promises of rehearsal/emulator/networking/target_health.py."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from rehearsal.emulator.networking.target_health import Target, finding, matches, probe
from rehearsal.emulator.rules.health import State
from rehearsal.host.ports import LOOPBACK


class _Target(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/health" else 503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def target() -> Iterator[Target]:
    """Start a real target that is healthy at /health alone."""
    with HTTPServer(("127.0.0.1", 0), _Target) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Target("group", "127.0.0.1", server.server_port)
        server.shutdown()


def test_a_probe_requests_the_health_check_path(target: Target) -> None:
    """A target is healthy only when it answers its own path with a status the matcher takes."""
    assert probe(target, {"HealthCheckPath": "/health"}, LOOPBACK) == ""
    assert probe(target, {"HealthCheckPath": "/other"}, LOOPBACK) == "Health checks failed with these codes: [503]"
    assert probe(target, {"HealthCheckPath": "/other", "Matcher": {"HttpCode": "200,500-599"}}, LOOPBACK) == ""
    assert (
        probe(Target("group", "127.0.0.1", 1), {"HealthCheckPort": "traffic-port"}, LOOPBACK) == "Health checks failed"
    )


def test_a_matcher_has_statuses_and_ranges() -> None:
    """A matcher lists codes and spans of codes."""
    assert matches(302, "200,301-302")
    assert not matches(303, "200,301-302")


def test_health_is_worded_as_by_describe_target_health() -> None:
    """The words are those of DescribeTargetHealth."""
    assert finding(State.HEALTHY, "").state == "healthy"
    assert finding(State.UNKNOWN, "Health checks failed").reason == "Elb.RegistrationInProgress"
    assert finding(State.UNHEALTHY, "Health checks failed with these codes: [503]").reason == (
        "Target.ResponseCodeMismatch"
    )
    assert finding(State.UNHEALTHY, "Request timed out").reason == "Target.Timeout"
