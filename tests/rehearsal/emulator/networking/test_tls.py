"""The promises of rehearsal/emulator/networking/tls.py."""

import contextlib
import socket
import ssl
import threading
from pathlib import Path

from rehearsal.emulator.networking.tls import Certificates


def test_a_server_context_speaks_tls(tmp_path: Path) -> None:
    """A client that trusts the certificate gets through to what is behind it."""
    directory = tmp_path / "tls"
    context = Certificates(directory).server_context()
    ours, theirs = socket.socketpair()

    def serve() -> None:
        with context.wrap_socket(ours, server_side=True) as secured:
            secured.sendall(b"hello")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    client = ssl.create_default_context(cafile=str(directory / "database.crt"))
    client.check_hostname = False
    with client.wrap_socket(theirs) as secured:
        assert secured.recv(5) == b"hello"
    thread.join()


def test_the_certificate_is_made_once(tmp_path: Path) -> None:
    """All databases of an emulator use the same one."""
    Certificates(tmp_path).server_context()
    made = (tmp_path / "database.crt").read_bytes()
    Certificates(tmp_path).server_context()
    assert (tmp_path / "database.crt").read_bytes() == made


def test_a_site_is_certified_for_its_name(tmp_path: Path) -> None:
    """Whoever trusts the authority believes the site's own name, and no other."""
    context = Certificates(tmp_path).site_context("airflow.example.com")
    trusting = ssl.create_default_context(cafile=str(Certificates(tmp_path).authority()))
    assert _is_believed(context, trusting, "airflow.example.com")
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
