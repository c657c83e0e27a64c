"""The promises of rehearsal/emulator/tls.py."""

import socket
import ssl
import threading
from pathlib import Path

from rehearsal.emulator.tls import server_context


def test_a_front_speaks_tls(tmp_path: Path) -> None:
    """A client that trusts the certificate gets through to what is behind it."""
    directory = tmp_path / "tls"
    context = server_context(directory)
    ours, theirs = socket.socketpair()

    def serve() -> None:
        with context.wrap_socket(ours, server_side=True) as front:
            front.sendall(b"hello")

    thread = threading.Thread(target=serve)
    thread.start()
    client = ssl.create_default_context(cafile=str(directory / "front.crt"))
    client.check_hostname = False
    with client.wrap_socket(theirs) as front:
        assert front.recv(5) == b"hello"
    thread.join()


def test_the_certificate_is_made_once(tmp_path: Path) -> None:
    """All fronts of a bed show the same one."""
    server_context(tmp_path)
    made = (tmp_path / "front.crt").read_bytes()
    server_context(tmp_path)
    assert (tmp_path / "front.crt").read_bytes() == made
