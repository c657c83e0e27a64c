"""A registry on this machine tells the digest of a tag, with or without a token; whoever does not is refused."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from deployer.release.registry import Reference, RegistryRefusal, pinned

DIGEST = f"sha256:{'d' * 64}"


class Registry(BaseHTTPRequestHandler):
    """A registry of one tag, which gives a token to anybody who asks."""

    asks_for_a_token = False
    digest = DIGEST

    def do_HEAD(self) -> None:
        """Answer for a manifest."""
        kind = type(self)
        if kind.asks_for_a_token and self.headers.get("Authorization") != "Bearer for:library/postgres":
            realm = f"http://{self.headers['Host']}/token"
            scope = "repository:library/postgres:pull"
            self._answer(401, {"WWW-Authenticate": f'Bearer realm="{realm}",service="here",scope="{scope}"'})
        elif self.path == "/v2/library/postgres/manifests/16" and "image.index" in self.headers["Accept"]:
            self._answer(200, {"Docker-Content-Digest": kind.digest})
        else:
            self._answer(404, {})

    def do_GET(self) -> None:
        """Give a token."""
        assert "scope=repository%3Alibrary%2Fpostgres%3Apull" in self.path
        self._answer(200, {}, json.dumps({"token": "for:library/postgres"}).encode())

    def log_message(self, *_arguments: object) -> None:
        """Write nothing."""

    def _answer(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Run the registry; yield its host and port."""
    monkeypatch.setenv("NO_PROXY", "*")
    with ThreadingHTTPServer(("127.0.0.1", 0), Registry) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("token", [False, True])
def test_a_tag_becomes_its_digest(host: str, monkeypatch: pytest.MonkeyPatch, token: bool) -> None:  # noqa: FBT001  # parametrised
    """The name stays as it was written; a registry that wants a token gets one of its own realm."""
    monkeypatch.setattr(Registry, "asks_for_a_token", token)
    assert pinned(f"{host}/library/postgres:16") == f"{host}/library/postgres@{DIGEST}"


def test_a_tag_that_is_gone_is_refused(host: str) -> None:
    """With the address and its answer."""
    with pytest.raises(RegistryRefusal, match="status 404"):
        pinned(f"{host}/library/postgres:99")


def test_what_is_no_digest_is_refused(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would stand in a template."""
    monkeypatch.setattr(Registry, "digest", "sha256:../elsewhere")
    with pytest.raises(RegistryRefusal, match="names no digest"):
        pinned(f"{host}/library/postgres:16")


def test_a_registry_out_of_reach_is_refused(host: str) -> None:
    """With what to look at."""
    with pytest.raises(RegistryRefusal, match="reaches the registry"):
        pinned(f"127.0.0.1:1/{host}:16")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("apache/airflow:2.5.3", "https://registry-1.docker.io/v2/apache/airflow/manifests/2.5.3"),
        ("postgres:16", "https://registry-1.docker.io/v2/library/postgres/manifests/16"),
        (
            "public.ecr.aws/docker/library/mysql:8.0",
            "https://public.ecr.aws/v2/docker/library/mysql/manifests/8.0",
        ),
        ("localhost:5000/mine:1", "http://localhost:5000/v2/mine/manifests/1"),
    ],
)
def test_an_image_is_asked_for_where_docker_would(text: str, address: str) -> None:
    """Docker Hub where no registry is named, and over TLS but on this machine."""
    assert Reference.of(text).manifest == address
