"""A web server with a health page, as Airflow and the load balancer show it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HEALTHY = {"metadatabase": {"status": "healthy"}, "scheduler": {"status": "healthy"}}


class FakeSite(ThreadingHTTPServer):
    """Answers with `page`, or redirects to `login_url` where that is set; `asked` is the last path."""

    login_url = ""
    asked = ""
    page: object = HEALTHY

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Page(BaseHTTPRequestHandler):
    server: FakeSite

    def do_GET(self) -> None:
        self.server.asked = self.path
        self.send_response(302 if self.server.login_url else 200)
        self.send_header("Location", self.server.login_url)
        self.end_headers()
        self.wfile.write(json.dumps(self.server.page).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def fake_site() -> Iterator[FakeSite]:
    """Run the web server."""
    with FakeSite(("127.0.0.1", 0), _Page) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
