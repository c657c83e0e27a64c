"""Whatever a web server answers, the health page is either read or the trouble is named."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from deployer.health.airflow_health import ask_health


def _ask(
    answer: bytes, status: int = 200, host: str | None = None, hosts: list[str | None] | None = None
) -> tuple[bool, str]:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if hosts is not None:
                hosts.append(self.headers["Host"])
            self.send_response(status)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.handle_request, daemon=True)
        thread.start()
        seen = ask_health(f"http://127.0.0.1:{server.server_address[1]}/health", host)
        thread.join()
    return seen.reached, seen.trouble


@pytest.mark.parametrize(
    ("answer", "status", "trouble"),
    [(b"<html>", 200, "Expecting value"), (b"[]", 200, "no health page"), (b"", 503, "503")],
)
def test_an_answer_that_is_no_health_page_is_trouble(answer: bytes, status: int, trouble: str) -> None:
    """It never ends in a traceback."""
    reached, message = _ask(answer, status)
    assert not reached
    assert trouble in message


@pytest.mark.parametrize(
    ("leads_to", "login_required"),
    [
        ("https://login.example.org/authorize?client_id=x", True),
        ("https://login.example.org/authorized", False),
        ("http://127.0.0.1:9/?https://login.example.org/authorize?", False),
    ],
)
def test_a_login_at_the_load_balancer_is_an_answer(leads_to: str, login_required: bool) -> None:  # noqa: FBT001  # a table column
    """A load balancer that demands a login is there; a redirect to anywhere else is followed."""

    class LoadBalancer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", leads_to)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), LoadBalancer) as server:
        thread = threading.Thread(target=server.handle_request, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.server_address[1]}/health"
        seen = ask_health(url, login_url="https://login.example.org/authorize")
        thread.join()
    assert (seen.reached, seen.login_required) == (login_required, login_required)


def test_a_health_page_is_read() -> None:
    """The status of each component."""
    assert _ask(b'{"scheduler": {"status": "healthy"}}') == (True, "")


def test_the_request_names_the_host() -> None:
    """Where several sites share an address, the Host header selects one."""
    hosts: list[str | None] = []
    _ask(b"{}", host="site-1.elb.amazonaws.com", hosts=hosts)
    assert hosts == ["site-1.elb.amazonaws.com"]
