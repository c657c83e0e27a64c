"""The promises of rehearsal/emulator/postgres_front.py."""

import socket
import struct
from pathlib import Path

from rehearsal.emulator import postgres_front

STARTUP = struct.pack("!II", 0, 196608) + b"user\0keeper\0database\0things\0\0"


def test_refusal_is_an_error_response() -> None:
    """A client without TLS gets a FATAL of class 28000 that names who it was and where it wanted to go."""
    answer = postgres_front.refusal("10.0.0.9", STARTUP)
    assert answer[:1] == b"E"
    assert struct.unpack("!I", answer[1:5])[0] == len(answer) - 1
    fields = {part[:1]: part[1:] for part in answer[5:].rstrip(b"\0").split(b"\0")}
    assert fields[b"S"] == b"FATAL"
    assert fields[b"C"] == b"28000"
    assert fields[b"M"] == (
        b'no pg_hba.conf entry for host "10.0.0.9", user "keeper", database "things", no encryption'
    )


def test_database_defaults_to_the_user() -> None:
    """Postgres takes the user's name for a database that is not named."""
    answer = postgres_front.refusal("10.0.0.9", STARTUP[:8] + b"user\0keeper\0\0")
    assert b'database "keeper"' in answer


def test_long_socket_path(tmp_path: Path) -> None:
    """A Unix socket is reached although its path is longer than the kernel takes."""
    directory = tmp_path / ("d" * 100) / ("e" * 100)
    directory.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as server:
        short = tmp_path / "short"
        short.symlink_to(directory)
        server.bind(str(short / "s"))
        server.listen()
        with postgres_front.connect_unix(directory / "s") as client:
            client.sendall(b"hello")
        connection, _ = server.accept()
        with connection:
            assert connection.recv(9) == b"hello"
