"""The link-local address from which every Fargate task gets its credentials and its metadata."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from rehearsal.emulator.networking.network import CREDENTIALS_ADDRESS
from rehearsal.emulator.rules.settings import Settings
from rehearsal.host.ports import LOOPBACK

CREDENTIALS_PATH = "/v2/credentials/"
METADATA = "ecs-metadata"
"""The name of the service in MiniStack: by any other it takes the path for one of that service."""
ANSWER_SECONDS = 60
"""MiniStack takes ten seconds for its first answer about metadata."""
NO_CREDENTIALS = {"code": "InvalidIdInRequest", "message": "CredentialsV2Request: ID not found", "HTTPErrorCode": 400}
"""Source: ErrInvalidIDInRequest, handlers/v1 of the Amazon ECS agent."""

Vend = Callable[[str], Mapping[str, str] | None]
"""Returns the credentials for the token of a container; None when there is no such token."""


def serve(settings: Settings, vend: Vend, keys: Credentials) -> None:
    """Answer on 169.254.170.2:80 from now on.

    Args:
        settings: those of the emulator.
        vend: returns the credentials for the token of a container.
        keys: sign the requests to MiniStack.
    """

    class Answers(BaseHTTPRequestHandler):
        """Credentials are made here, metadata is MiniStack's."""

        def do_GET(self) -> None:
            if self.path.startswith(CREDENTIALS_PATH):
                found = vend(self.path.removeprefix(CREDENTIALS_PATH))
                self._answer(200 if found else 400, json.dumps(found or NO_CREDENTIALS).encode())
                return
            try:
                with urllib.request.urlopen(_signed(settings, keys, self.path), timeout=ANSWER_SECONDS) as answer:  # noqa: S310  our own gateway
                    self._answer(answer.status, answer.read())
            except urllib.error.HTTPError as error:
                self._answer(error.code, error.read())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the library's name
            """Stay quiet: SDKs ask often."""

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer((CREDENTIALS_ADDRESS, 80), Answers)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="metadata", daemon=True).start()


def _signed(settings: Settings, keys: Credentials, path: str) -> urllib.request.Request:
    """Return a request to MiniStack for a path, signed with the key of the emulator."""
    request: Any = AWSRequest("GET", f"http://{LOOPBACK}:{settings.gateway_port}{path}")
    SigV4Auth(keys, METADATA, settings.region).add_auth(request)
    return urllib.request.Request(request.url, headers=dict(request.headers.items()))  # noqa: S310  our own gateway
