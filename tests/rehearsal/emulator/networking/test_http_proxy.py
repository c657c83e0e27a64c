"""The promises of rehearsal/emulator/networking/http_proxy.py."""

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from rehearsal.emulator.networking import http_proxy
from rehearsal.emulator.networking.http_proxy import Answer, ForwardTo, Route

SOURCE = "127.0.0.2"
"""The address of the load balancer."""


class _Target(BaseHTTPRequestHandler):
    """Gives back what it got; /stream in pieces of unknown total length."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.send_header("Seen-From", self.client_address[0])
        self.send_header("x-frame-options", "ALLOWALL")
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in (b"one ", b"two ", str(self.headers["Host"]).encode()):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _proxied(answer: Answer | None = None) -> Iterator[http.client.HTTPConnection]:
    """Connect to a proxy in front of a real target, or with a fixed answer."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Target) as target:
        target.daemon_threads = True
        threading.Thread(target=target.serve_forever, daemon=True).start()
        route: Route = answer or ForwardTo(
            address="127.0.0.1", port=target.server_port, source=SOURCE, added={"X-Frame-Options": "DENY"}
        )
        listener = socket.create_server(("127.0.0.1", 0))
        proxy = http_proxy.serve(listener, 80, lambda *_: route)
        connection = http.client.HTTPConnection("127.0.0.1", listener.getsockname()[1], timeout=10)
        try:
            yield connection
        finally:
            connection.close()
            proxy.shutdown()
            proxy.server_close()
            target.shutdown()


def test_bodies_and_repeated_headers_are_forwarded() -> None:
    """What is posted reaches the target from the load balancer's address, and its answer comes back whole, twice.

    Header fields of the load balancer's own replace those of the target.
    """
    with _proxied() as connection:
        for body in (b"first", b""):
            connection.request("POST", "/", body)
            answer = connection.getresponse()
            assert (answer.status, answer.read()) == (201, body)
            assert answer.headers.get_all("Set-Cookie") == ["a=1", "b=2"]
            assert answer.headers["Seen-From"] == SOURCE
            assert answer.headers.get_all("X-Frame-Options") == ["DENY"]


def test_streams_are_forwarded_and_the_host_is_kept() -> None:
    """An answer of unknown length arrives, and the target sees the name the client used."""
    with _proxied() as connection:
        connection.request("GET", "/stream", headers={"Host": "airflow.example.org"})
        assert connection.getresponse().read() == b"one two airflow.example.org"


def test_the_load_balancer_answers_itself() -> None:
    """The load balancer can answer itself."""
    with _proxied(Answer(status=503, headers={"X-Why": "none"}, body=b"no target")) as connection:
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert (answer.status, answer.headers["X-Why"], answer.read()) == (503, "none", b"no target")


def test_forwarded_headers_name_client_scheme_and_port() -> None:
    """It says who, how and where from; what else a client claims passes, and hop-by-hop fields stay behind."""
    given = {"Host": "x", "X-Forwarded-For": "1.1.1.1", "X-Forwarded-Proto": "http", "Connection": "close, X-Hop"}
    sent = http_proxy.forwarded({**given, "X-Hop": "1", "X-Forwarded-Host": "y"}, "2.2.2.2", 443, "https")
    assert sent == {
        "Host": "x",
        "X-Forwarded-Host": "y",
        "X-Forwarded-For": "1.1.1.1, 2.2.2.2",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Port": "443",
    }
