"""The promises of rehearsal/emulator/networking/web_proxy.py."""

import http.client
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from rehearsal.emulator.networking import web_proxy
from rehearsal.emulator.networking.http_proxy import ForwardTo

CLOSED = "10.77.64.8"
CLOSED_IN = "10.77.64.9"
OWNER = {"Proxy-Authorization": web_proxy.authorization("of-this-session")}


class _Site(BaseHTTPRequestHandler):
    """Says under which name, protocol and port it was called, and the key of the proxy if it gets that."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        named = [self.headers[name] for name in ("Host", "X-Forwarded-Proto", "X-Forwarded-Port")]
        named += [value for name, value in self.headers.items() if name == "Proxy-Authorization"]
        body = f"{self.path} {' '.join(map(str, named))}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _obstacle(source: str, address: str, _port: int) -> str:
    if address == CLOSED:
        return "no ingress rule"
    return "no egress rule" if source == CLOSED_IN else ""


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
            web_proxy.Sites(
                route=lambda *_: ForwardTo(address="127.0.0.1", port=site.server_port),
                address_of=lambda name: {"nobody.example": None, "closed.example": CLOSED}.get(name, "127.0.0.1"),
                tls_name_of=lambda host: None if host == "plain.localhost" else ("airflow.example.com", 443),
                is_site=lambda host: host == "airflow.example.com",
                obstacle=_obstacle,
            ),
            "of-this-session",
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
    assert _ask(ports[0], f"http://a.example:{ports[1]}/x?y=1", **OWNER) == (
        200,
        f"/x?y=1 a.example:{ports[1]} None None",
    )


def test_a_tunnel_carries_anything(ports: tuple[int, int]) -> None:
    """CONNECT leads to the name's own port, both ways."""
    connection = http.client.HTTPConnection("127.0.0.1", ports[0], timeout=10)
    connection.set_tunnel("a.example", ports[1], OWNER)
    connection.request("GET", "/through")
    assert connection.getresponse().read().decode().startswith("/through a.example")
    connection.close()


def test_a_tunnel_from_an_address_passes_its_rules(ports: tuple[int, int]) -> None:
    """What its owner opens without a source passes; a tunnel through a container ends where its rules do."""
    connection = http.client.HTTPConnection("127.0.0.1", ports[0], timeout=10)
    connection.set_tunnel("a.example", ports[1], {**OWNER, web_proxy.SOURCE: CLOSED_IN})
    with pytest.raises(OSError, match="504"):
        connection.request("GET", "/")
    connection.close()


def test_a_client_that_no_rule_lets_in_is_told_what_is_missing(ports: tuple[int, int]) -> None:
    """On AWS it would wait for an answer in vain."""
    status, text = _ask(ports[0], "http://closed.example/")
    assert (status, "times out: no ingress rule" in text) == (504, True)


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


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8080", "any.localhost:8080", "airflow.example.com"])
def test_a_site_answers_under_its_names_and_those_of_this_machine(ports: tuple[int, int], host: str) -> None:
    """Nobody else can point one of them here."""
    assert _ask(ports[0], "/health", Host=host)[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "other.example.com"])
def test_another_name_is_refused(ports: tuple[int, int], host: str) -> None:
    """Its owner may point it to this machine, and then its pages are of the same origin (DNS rebinding)."""
    assert _ask(ports[0], "/health", Host=host)[0] == 403


@pytest.mark.parametrize("path", ["/health", "http://a.example/health"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
    ],
)
def test_a_foreign_page_is_refused(ports: tuple[int, int], path: str, headers: dict[str, str]) -> None:
    """Also through the proxy, whose browser sees the names of the rehearsal."""
    assert _ask(ports[0], path, **headers)[0] == 403


def test_a_link_from_another_page_opens_the_site(ports: tuple[int, int]) -> None:
    """As the way back from an identity provider does."""
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert _ask(ports[0], "/health", **link)[0] == 200


@pytest.mark.parametrize("given", [{}, {"Proxy-Authorization": web_proxy.authorization("guessed")}])
def test_only_the_owner_reaches_ports_that_are_no_sites(ports: tuple[int, int], given: dict[str, str]) -> None:
    """Another user of this machine does not reach a database or a web server behind its load balancer."""
    assert _ask(ports[0], f"http://a.example:{ports[1]}/", **given)[0] == 403
    connection = http.client.HTTPConnection("127.0.0.1", ports[0], timeout=10)
    connection.set_tunnel("a.example", ports[1], given)
    with pytest.raises(OSError, match="403"):
        connection.request("GET", "/")
    connection.close()
