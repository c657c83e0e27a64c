"""Fixtures that run verbs in a folder and with a cache of their own."""

import json
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cli.main import main
from tests.cli.shell import Ran, Windsock

ROOT = Path(__file__).parents[2]
_AWS = ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION", "WINDSOCK_WEB_URL")


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with the example environment, in which the test stands; nothing outside it is touched."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    shutil.copy(ROOT / "env.example.yaml", folder / "env.yaml")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("WINDSOCK_CACHE", str(tmp_path / "cache"))
    for name in _AWS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    return folder


@pytest.fixture
def windsock(checkout: Path, capsys: pytest.CaptureFixture[str]) -> Windsock:
    """Return a function that runs verbs and fails on a traceback."""
    assert checkout.is_dir()

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        code = main(list(arguments))
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        return Ran(code, captured.out, captured.err)

    return run


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, checkout: Path) -> Iterator[list[str]]:
    """Run an AWS on loopback that only knows the account; return the list of its requests."""
    assert checkout.is_dir()
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name http.server wants
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            requests.append(body)
            answer = account_answer() if "GetCallerIdentity" in body else json.dumps({"message": "not here"}).encode()
            self.send_response(200 if "GetCallerIdentity" in body else 400)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name http.server gives it
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "123456789012")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")
    yield requests
    server.shutdown()
    thread.join(60)
    server.server_close()


def account_answer() -> bytes:
    """Return the answer of STS to GetCallerIdentity."""
    return (
        b'<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
        b"<Arn>arn:aws:iam::123456789012:root</Arn><UserId>U</UserId><Account>123456789012</Account>"
        b"</GetCallerIdentityResult></GetCallerIdentityResponse>"
    )
