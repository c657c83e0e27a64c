"""The promises of rehearsal/emulator/rds/postgres_tls_proxy.py."""

import contextlib
import random
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from rehearsal.emulator.networking.tls import Certificates
from rehearsal.emulator.rds import postgres_tls_proxy
from rehearsal.emulator.rules.connection_rules import ConnectionRules

STARTUP = struct.pack("!II", 0, 196608) + b"user\0keeper\0database\0things\0\0"


def test_refusal_is_an_error_response() -> None:
    """A client without TLS gets a FATAL of class 28000 that names who it was and where it wanted to go."""
    answer = postgres_tls_proxy.refusal("10.0.0.9", STARTUP)
    assert answer[:1] == b"E"
    assert struct.unpack("!I", answer[1:5])[0] == len(answer) - 1
    fields = {part[:1]: part[1:] for part in answer[5:].rstrip(b"\0").split(b"\0")}
    assert fields[b"S"] == b"FATAL"
    assert fields[b"C"] == b"28000"
    assert fields[b"M"] == (
        b'no pg_hba.conf entry for host "10.0.0.9", user "keeper", database "things", no encryption'
    )


def test_the_database_in_a_refusal_defaults_to_the_user() -> None:
    """Postgres takes the user's name for a database that is not named."""
    answer = postgres_tls_proxy.refusal("10.0.0.9", STARTUP[:8] + b"user\0keeper\0\0")
    assert b'database "keeper"' in answer


def test_a_long_socket_path_is_connected(tmp_path: Path) -> None:
    """A Unix socket is reached although its path is longer than the kernel takes."""
    directory = tmp_path / ("d" * 100) / ("e" * 100)
    directory.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as server:
        short = tmp_path / "short"
        short.symlink_to(directory)
        server.bind(str(short / "s"))
        server.listen()
        with postgres_tls_proxy.connect_unix(directory / "s") as client:
            client.sendall(b"hello")
        connection, _ = server.accept()
        with connection:
            assert connection.recv(9) == b"hello"


@pytest.fixture
def echo(tmp_path: Path) -> Iterator[Path]:
    """Start a server that sends back what it receives and hangs up at the word `end`."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "echo"))
    listener.listen(64)

    def answer(connection: socket.socket) -> None:
        with connection:
            while (received := connection.recv(65536)) and not received.endswith(b"end"):
                connection.sendall(received)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield tmp_path / "echo"
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def test_concurrent_connections_stay_separate(tmp_path: Path, echo: Path) -> None:
    """Many connect at once, the server ends some, and each receives its own bytes and no others."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    certificates = Certificates(tmp_path / "tls")
    tls = certificates.server_context("database.example.com")
    proxy = postgres_tls_proxy.PostgresTlsProxy(
        ("127.0.0.1", port), echo, tls, lambda: ConnectionRules(forces_tls=True)
    )
    trusting = ssl.create_default_context(cafile=str(certificates.authority()))

    def talk(seed: int) -> bool:
        sent = random.Random(seed).randbytes(400_000)  # noqa: S311  no secret
        with socket.create_connection(("127.0.0.1", port), timeout=20) as plain:
            plain.sendall(postgres_tls_proxy.SSL_REQUEST)
            assert plain.recv(1) == b"S"
            near, far = socket.socketpair()
            near.settimeout(20)
            with near, trusting.wrap_socket(plain, server_hostname="database.example.com") as client:
                carrier = _start(_carry, client, far)
                sender = _start(near.sendall, sent)
                received = _receive(near, len(sent))
                sender.join()
                near.sendall(b"end")
                last = near.recv(1)
                carrier.join()
                return received == sent and not last

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(talk, range(80)))
    proxy.close()


@pytest.mark.parametrize("forced", [True, False])
def test_a_plain_connection_is_served_unless_tls_is_forced(tmp_path: Path, echo: Path, *, forced: bool) -> None:
    """What the client has sent reaches the server with the rest."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    tls = Certificates(tmp_path / "tls").server_context("database.example.com")
    proxy = postgres_tls_proxy.PostgresTlsProxy(("127.0.0.1", port), echo, tls, lambda: ConnectionRules(forced))
    startup = struct.pack("!I", len(STARTUP)) + STARTUP[4:]
    with socket.create_connection(("127.0.0.1", port), timeout=20) as plain:
        plain.sendall(startup)
        answer = plain.recv(65536)
        if forced:
            assert answer[:1] == b"E"
        else:
            assert answer == startup
            plain.sendall(b"end")
            assert plain.recv(1) == b""
    proxy.close()


def _start(work: Callable[..., None], *given: Any) -> threading.Thread:
    thread = threading.Thread(target=work, args=given, daemon=True)
    thread.start()
    return thread


def _carry(client: ssl.SSLSocket, far: socket.socket) -> None:
    with far:
        postgres_tls_proxy.carry(client, far)


def _receive(near: socket.socket, count: int) -> bytes:
    received = b""
    while len(received) < count and (piece := near.recv(65536)):
        received += piece
    return received
