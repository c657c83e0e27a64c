"""Promises of the TLS of a database in a container, kept by a real server with the compiled command."""

import contextlib
import os
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from compiler.databases.server_tls import FOLDER, client_options, makes_certificate, server_arguments
from rehearsal.images.databases import SCRIPTS, DatabaseImage, postgres_image
from spec.sections.databases.container import Container
from tests.compiler.conftest import Case, compiled
from tests.rehearsal.yard import CACHE
from tests.spec.minimal import minimal

NOBODY = 65534
"""PostgreSQL refuses to run as root."""
SECONDS = 60
SOCKETS = "/var/run/postgresql"
USER, PASSWORD = "airflow", "right"
SSL_REQUEST = struct.pack("!II", 8, 80877103)


def section(keys: str, engine: str = "postgres") -> Container:
    """Return the section of a database in a container."""
    database = minimal(more=f"database: {{kind: container, engine: {engine}, {keys}}}\n").database
    assert isinstance(database, Container)
    return database


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server, and the program that asks it."""

    port: int
    image: DatabaseImage

    def ask(self, *options: str, port: int = 0, password: str = PASSWORD) -> str:
        """Return what a client says who connects with these options."""
        given = f"host=127.0.0.1 port={port or self.port} user={USER} dbname={USER} {' '.join(options)}"
        command = [str(self.image.environment / "bin" / "psql"), "-Atc", "select ssl from pg_stat_ssl limit 1", given]
        variables = {**self.image.variables, "PGPASSWORD": password, "PATH": os.environ["PATH"]}
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=variables, timeout=SECONDS)
        return (done.stdout + done.stderr).strip()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Start the server as its compiled container would, on files and a port of its own."""
    case, image = compiled("container-postgres"), postgres_image(CACHE)
    folder = Path(tempfile.mkdtemp(prefix="server-tls-"))
    running = _start(case, image, folder)
    try:
        yield Server(port=running[1], image=image)
    finally:
        os.killpg(running[0].pid, signal.SIGQUIT)
        running[0].wait(SECONDS)
        shutil.rmtree(folder)


def _start(case: Case, image: DatabaseImage, folder: Path) -> tuple[subprocess.Popen[str], int]:
    container = case.container_of("Database")
    data, entry = case.env.database.facts.data, folder / "docker-entrypoint.sh"
    (folder / "data").mkdir()
    entry.write_text((SCRIPTS / "postgres.sh").read_text(encoding="utf-8").replace(SOCKETS, f"{folder}/run"), "utf-8")
    entry.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    line = [*container["EntryPoint"], *container["Command"], "-p", str(port)]
    here = {data: f"{folder}/data", FOLDER: f"{folder}/tls"}
    variables = case.variables_of("Database") | {"POSTGRES_USER": USER, "POSTGRES_PASSWORD": PASSWORD}
    path = f"{folder}:{image.environment / 'bin'}:{os.environ['PATH']}"
    own: dict[str, int] = {}
    if os.geteuid() == 0:
        own = {"user": NOBODY, "group": NOBODY}
        for file in (folder, *folder.iterdir()):
            os.chown(file, NOBODY, NOBODY)
    with (folder / "log").open("w", encoding="utf-8") as log:
        running = subprocess.Popen(
            [_replaced(word, here) for word in line],
            env={"PATH": path, **image.variables, **{key: _replaced(one, here) for key, one in variables.items()}},
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
            text=True,
            extra_groups=[] if own else None,
            user=own.get("user"),
            group=own.get("group"),
        )
    _await(port, running, folder / "log")
    return running, port


def _replaced(text: str, words: dict[str, str]) -> str:
    for word, other in words.items():
        text = text.replace(word, other)
    return text


def _await(port: int, running: subprocess.Popen[str], log: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while True:
        assert running.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)


def test_who_comes_in_clear_is_refused(server: Server) -> None:
    """With the right password too; who is encrypted and knows it comes in."""
    said = server.ask("sslmode=disable")
    assert "no encryption" in said
    assert server.ask("sslmode=require") == "t"
    assert "password authentication failed" in server.ask("sslmode=require", password="wrong")


def test_the_address_of_airflow_lets_in_the_server_that_knows_the_password(server: Server) -> None:
    """The options are those of libpq, in the address that Airflow's containers print."""
    case = compiled("container-postgres")
    assert isinstance(case.env.database, Container)
    options = client_options(case.env.database)
    assert options == ("sslmode=require", "channel_binding=require")
    assert "&".join(options) in str(case.variables_of("Scheduler")["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD"])
    assert server.ask(*options) == "t"


def test_who_stands_between_is_noticed(server: Server) -> None:
    """Whoever decrypts a connection and carries it on reaches a client that asks for no proof, and no other."""
    port = _stand_between(server.port)
    assert server.ask("sslmode=require", "channel_binding=disable", port=port) == "t"
    assert "channel binding" in server.ask("sslmode=require", "channel_binding=require", port=port)


def test_what_cannot_be_proven_is_only_encrypted() -> None:
    """PostgreSQL before 14 stores no SCRAM; MySQL has no certificate here."""
    assert client_options(section('version: "13"')) == ("sslmode=require",)
    assert "hostssl all all all md5" in makes_certificate(section('version: "13"'))
    for clear in (section('version: "15", tls: none'), section('version: "8.0"', engine="mysql")):
        assert (makes_certificate(clear), server_arguments(clear), client_options(clear)) == ("", (), ())


def _stand_between(server: int) -> int:
    """Carry connections to the server, decrypted here with a certificate of our own; return the port."""
    folder = Path(tempfile.mkdtemp())
    files = ["-keyout", str(folder / "key"), "-out", str(folder / "certificate")]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=database", "-days", "1", *files]
    subprocess.run(made, check=True, capture_output=True)
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(folder / "certificate", folder / "key")
    shutil.rmtree(folder)
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_accept, args=(listener, own, server), daemon=True).start()
    return int(listener.getsockname()[1])


def _accept(listener: socket.socket, own: ssl.SSLContext, server: int) -> None:
    while True:
        client, _ = listener.accept()
        threading.Thread(target=_relay, args=(client, own, server), daemon=True).start()


def _relay(client: socket.socket, own: ssl.SSLContext, server: int) -> None:
    with contextlib.suppress(OSError):
        client.recv(len(SSL_REQUEST), socket.MSG_WAITALL)
        client.sendall(b"S")
        inside = own.wrap_socket(client, server_side=True)
        other = socket.create_connection(("127.0.0.1", server), SECONDS)
        other.sendall(SSL_REQUEST)
        other.recv(1)
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        outside = trusting.wrap_socket(other)
        threading.Thread(target=_pump, args=(outside, inside), daemon=True).start()
        _pump(inside, outside)


def _pump(source: ssl.SSLSocket, sink: ssl.SSLSocket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
    with contextlib.suppress(OSError):
        sink.close()
