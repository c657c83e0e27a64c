"""The promises of rehearsal/emulator/networking/tls.py."""

import contextlib
import socket
import ssl
import threading
from pathlib import Path

import pytest

from rehearsal.emulator.networking.tls import Certificates


def test_the_certificate_is_made_once(tmp_path: Path) -> None:
    """A site or database has the same one whenever it is asked for, and so has the authority."""
    Certificates(tmp_path).server_context("a.example.com")
    made = {file: file.read_bytes() for file in tmp_path.iterdir()}
    Certificates(tmp_path).server_context("a.example.com")
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == made


@pytest.mark.parametrize("name", ["airflow.example.com", f"database-{'long' * 10}.abc.us-west-2.rds.amazonaws.com"])
def test_a_server_is_certified_for_its_name(tmp_path: Path, name: str) -> None:
    """Whoever trusts the authority believes its own name, and no other."""
    context = Certificates(tmp_path).server_context(name)
    trusting = ssl.create_default_context(cafile=str(Certificates(tmp_path).authority()))
    assert _is_believed(context, trusting, name)
    assert not _is_believed(context, trusting, "elsewhere.example.com")


def _is_believed(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> bool:
    ours, theirs = socket.socketpair()

    def serve() -> None:
        with contextlib.suppress(OSError), server.wrap_socket(ours, server_side=True) as secured:
            secured.recv(1)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        client.wrap_socket(theirs, server_hostname=name).close()
    except ssl.SSLCertVerificationError:
        return False
    finally:
        theirs.close()
        ours.close()
        thread.join()
    return True
