"""The promises of rehearsal/emulator/networking/web_proxy.py."""

import http.client
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from rehearsal.emulator.networking import web_proxy
from rehearsal.emulator.networking.http_proxy import ForwardTo


class _Site(BaseHTTPRequestHandler):
    """Says under which name, protocol and port it was called."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        named = (self.headers[name] for name in ("Host", "X-Forwarded-Proto", "X-Forwarded-Port"))
        body = f"{self.path} {' '.join(map(str, named))}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def ports() -> Iterator[tuple[int, int]]:
    """Yield the web port, and the port of a site that answers to every host name but `nobody.example`."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as site:
        site.daemon_threads = True
        threading.Thread(target=site.serve_forever, daemon=True).start()
        listener = socket.create_server(("127.0.0.1", 0))
        served = web_proxy.serve(
            listener,
            8080,
            lambda *_: ForwardTo("127.0.0.1", site.server_port),
            lambda name: None if name == "nobody.example" else "127.0.0.1",
            lambda host: None if host == "plain.localhost" else ("airflow.example.com", 443),
        )
        yield listener.getsockname()[1], site.server_port
        served.shutdown()
        served.server_close()
        site.shutdown()


def _ask(port: int, path: str, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answered = answer.status, answer.read().decode()
    connection.close()
    return answered


def test_a_plain_request_reaches_the_site_as_https(ports: tuple[int, int]) -> None:
    """A request to the port itself reaches the first site, as if with TLS and under its name."""
    assert _ask(ports[0], "/health") == (200, "/health airflow.example.com https 443")


def test_a_proxied_request_is_forwarded_unchanged(ports: tuple[int, int]) -> None:
    """The proxy adds nothing to a request for another name."""
    assert _ask(ports[0], f"http://a.example:{ports[1]}/x?y=1") == (200, f"/x?y=1 a.example:{ports[1]} None None")


def test_a_tunnel_carries_anything(ports: tuple[int, int]) -> None:
    """CONNECT leads to the name's own port, both ways."""
    connection = http.client.HTTPConnection("127.0.0.1", ports[0], timeout=10)
    connection.set_tunnel("a.example", ports[1])
    connection.request("GET", "/through")
    assert connection.getresponse().read().decode().startswith("/through a.example")
    connection.close()


def test_unknown_names_are_refused(ports: tuple[int, int]) -> None:
    """Nothing leaves the rehearsal."""
    assert _ask(ports[0], "http://nobody.example/")[0] == 502
    connection = http.client.HTTPConnection("127.0.0.1", ports[0], timeout=10)
    connection.set_tunnel("nobody.example", 443)
    with pytest.raises(OSError, match="502"):
        connection.request("GET", "/")
    connection.close()


def test_the_host_header_picks_the_site(ports: tuple[int, int]) -> None:
    """A site without TLS gets the Host of the request unchanged."""
    assert _ask(ports[0], "/health", Host="plain.localhost") == (200, "/health plain.localhost http 8080")
