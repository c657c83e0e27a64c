"""The promises of rehearsal/clients/oidc_browser.py."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from rehearsal.clients.oidc_browser import OidcBrowser
from rehearsal.clients.oidc_provider import Internet
from rehearsal.host.errors import RehearsalFailure

LEADS = {"/login": "/provider", "/callback": "/inside", "/circle": "/circle"}


class _Internet(BaseHTTPRequestHandler):
    """A proxy that knows one site, in plain HTTP."""

    def do_GET(self) -> None:
        path = self.path.removeprefix("http://site.example")
        self.send_response(302 if path in LEADS else 200)
        if path in LEADS:
            self.send_header("Location", LEADS[path])
        body = path.encode()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        form = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(302)
        self.send_header("Location", "/callback" if form == b"sub=ada" else "/nobody")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[OidcBrowser]:
    """Yield a browser in that network."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Internet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        internet = Internet(f"http://127.0.0.1:{server.server_port}", tmp_path)
        yield OidcBrowser(internet, "http://site.example/")
        server.shutdown()


def test_a_login_follows_redirects_to_the_provider_and_back(browser: OidcBrowser) -> None:
    """From the site to the provider, and with consent back into the site."""
    arrival = browser.log_in("/login", "ada")
    assert (arrival.url, arrival.status, arrival.text) == ("http://site.example/inside", 200, "/inside")
    assert len(arrival.hops) == 3


def test_following_stops_at_a_given_address(browser: OidcBrowser) -> None:
    """The address is known, and was not opened."""
    opened = browser.open("/login")
    stopped = browser.follow("POST", opened.url, data={"sub": "ada"}, until="http://site.example/callback")
    assert stopped.url == "http://site.example/callback"
    assert browser.send("GET", stopped.url).status_code == 302


def test_a_redirect_loop_is_reported(browser: OidcBrowser) -> None:
    """The error says that the redirects do not end."""
    with pytest.raises(RehearsalFailure, match="in circles"):
        browser.open("/circle")
