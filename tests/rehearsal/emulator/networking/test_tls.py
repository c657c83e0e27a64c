"""The promises of rehearsal/emulator/networking/tls.py."""

import contextlib
import socket
import ssl
import threading
from pathlib import Path

from rehearsal.emulator.networking.tls import authority, server_context, site_context


def test_a_front_speaks_tls(tmp_path: Path) -> None:
    """A client that trusts the certificate gets through to what is behind it."""
    directory = tmp_path / "tls"
    context = server_context(directory)
    ours, theirs = socket.socketpair()

    def serve() -> None:
        with context.wrap_socket(ours, server_side=True) as front:
            front.sendall(b"hello")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    client = ssl.create_default_context(cafile=str(directory / "front.crt"))
    client.check_hostname = False
    with client.wrap_socket(theirs) as front:
        assert front.recv(5) == b"hello"
    thread.join()


def test_the_certificate_is_made_once(tmp_path: Path) -> None:
    """All fronts of an emulator show the same one."""
    server_context(tmp_path)
    made = (tmp_path / "front.crt").read_bytes()
    server_context(tmp_path)
    assert (tmp_path / "front.crt").read_bytes() == made


def test_a_site_is_certified_for_its_name(tmp_path: Path) -> None:
    """Whoever trusts the authority believes the site's own name, and no other."""
    context = site_context(tmp_path, "airflow.example.com")
    trusting = ssl.create_default_context(cafile=str(authority(tmp_path)))
    assert _is_believed(context, trusting, "airflow.example.com")
    assert not _is_believed(context, trusting, "elsewhere.example.com")


def _is_believed(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> bool:
    ours, theirs = socket.socketpair()

    def serve() -> None:
        with contextlib.suppress(OSError), server.wrap_socket(ours, server_side=True) as front:
            front.recv(1)

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
