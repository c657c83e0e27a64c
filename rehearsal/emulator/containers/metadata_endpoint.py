"""The link-local address from which every Fargate task gets its credentials and its metadata."""

import json
import threading
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from rehearsal.emulator.networking.network import CREDENTIALS_ADDRESS
from rehearsal.emulator.rules.settings import Settings
from rehearsal.host.ports import LOOPBACK

CREDENTIALS_PATH = "/v2/credentials/"
LIFETIME = timedelta(hours=6)


def credentials(settings: Settings) -> dict[str, str]:
    """Credentials for the account, which MiniStack reads from the access key."""
    expiration = (datetime.now(UTC) + LIFETIME).strftime("%Y-%m-%dT%H:%M:%SZ")
    keys = {"AccessKeyId": settings.account, "SecretAccessKey": settings.secret_key}
    return {**keys, "Token": "emulator", "Expiration": expiration}


def serve(settings: Settings) -> None:
    """Answer on 169.254.170.2:80 from now on."""

    class Answers(BaseHTTPRequestHandler):
        """Credentials are made here, metadata is MiniStack's."""

        def do_GET(self) -> None:
            if self.path.startswith(CREDENTIALS_PATH):
                self._answer(200, json.dumps(credentials(settings)).encode())
                return
            try:
                with urllib.request.urlopen(_signed(settings, self.path), timeout=10) as answer:  # noqa: S310  our own gateway
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


def _signed(settings: Settings, path: str) -> urllib.request.Request:
    """Return a request to MiniStack for a path, signed with the key of the session."""
    request: Any = AWSRequest("GET", f"http://{LOOPBACK}:{settings.gateway_port}{path}")
    SigV4Auth(Credentials(settings.account, settings.secret_key), "ecs", settings.region).add_auth(request)
    return urllib.request.Request(request.url, headers=dict(request.headers.items()))  # noqa: S310  our own gateway
