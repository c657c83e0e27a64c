"""The promises of exec_and_forward.py: a local port leads into the emulator, and a command runs in a container."""

import contextlib
import os
import pty
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal.emulator.networking import web_proxy
from rehearsal.emulator.networking.http_proxy import Answer
from rehearsal.host.errors import RehearsalFailure
from rehearsal.session import exec_and_forward
from rehearsal.session.emulator_session import EmulatorSession
from tests.rehearsal.yard import Yard, running_yard

SSL_REQUEST = struct.pack("!II", 8, 80877103)
GREETING = b"I speak first\n"


def _session(directory: Path, port: int) -> EmulatorSession:
    return EmulatorSession(
        directory=directory,
        endpoint_url="http://127.0.0.1:1",
        web_url=f"http://127.0.0.1:{port}",
        gateway_port=1,
        web_port=port,
        secret_key="secret",
        pid=os.getpid(),
        born=0,
    )


def _speak_first(server: socket.socket) -> None:
    """Greet whoever comes, then say back what they say, as far as the first line."""
    while True:
        try:
            client, _ = server.accept()
        except OSError:
            return
        with client, contextlib.suppress(ConnectionError):
            client.sendall(GREETING)
            client.sendall(client.recv(100))


@pytest.fixture
def server() -> Iterator[int]:
    """Yield the port of a server that greets."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_speak_first, args=(listening,), daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[EmulatorSession]:
    """Yield an emulator session whose web port knows one name."""
    listener = socket.create_server(("127.0.0.1", 0))
    nobody = Answer(status=503, body=b"")
    port = listener.getsockname()[1]
    sites = web_proxy.Sites(
        route=lambda *_: nobody,
        address_of=lambda name: "127.0.0.1" if name == "greeter" else None,
        tls_name_of=lambda _: None,
        is_site=lambda _: False,
        obstacle=lambda source, *_: "no rule" if source == "10.77.64.9" else "",
    )
    served = web_proxy.serve(listener, port, sites, "secret")
    yield _session(tmp_path, port)
    served.shutdown()
    served.server_close()


def test_a_port_leads_to_a_name(emulator: EmulatorSession, server: int) -> None:
    """Both ways, again and again, without losing what a server sends first."""
    with exec_and_forward.forward(emulator, "greeter", server, 0) as port:
        for word in (b"one", b"two"):
            with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
                assert client.recv(100) == GREETING
                client.sendall(word)
                assert client.recv(100) == word
                assert client.recv(100) == b""


def test_the_port_closes_with_the_block(emulator: EmulatorSession, server: int) -> None:
    """Nobody gets in afterwards."""
    with exec_and_forward.forward(emulator, "greeter", server, 0) as port:
        socket.create_connection(("127.0.0.1", port), timeout=10).close()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=10)


def test_an_unknown_name_is_reported(emulator: EmulatorSession) -> None:
    """Before a port is opened that leads nowhere."""
    with (
        pytest.raises(RehearsalFailure, match=r"Nobody listens at nobody\.example:5432"),
        exec_and_forward.forward(emulator, "nobody.example", 5432, 0),
    ):
        pytest.fail("a tunnel was opened")


def test_a_tunnel_passes_the_rules_of_the_address_where_it_begins(emulator: EmulatorSession, server: int) -> None:
    """From one address it is open, and from another the rules keep it from the host."""
    with exec_and_forward.forward(emulator, "greeter", server, 0, source="10.77.64.8") as port:
        socket.create_connection(("127.0.0.1", port), timeout=10).close()
    with (
        pytest.raises(RehearsalFailure, match=r"Security groups or routes keep 10\.77\.64\.9 from it"),
        exec_and_forward.forward(emulator, "greeter", server, 0, source="10.77.64.9"),
    ):
        pytest.fail("a tunnel was opened")


def test_a_taken_port_is_reported(emulator: EmulatorSession, server: int) -> None:
    """With its number."""
    with (
        pytest.raises(RehearsalFailure, match=f"Port {server} on 127.0.0.1 is taken"),
        exec_and_forward.forward(emulator, "greeter", server, server),
    ):
        pytest.fail("a tunnel was opened")


def test_a_container_that_does_not_run_is_reported(tmp_path: Path) -> None:
    """By its name and task."""
    with pytest.raises(RehearsalFailure, match="Container airflow of task abc does not run"):
        exec_and_forward.run(_session(tmp_path, 1), "abc", "airflow", ("true",))


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    """Start an emulator with a database and a cluster."""
    with running_yard(tmp_path_factory.mktemp("yard") / "emulator") as yard:
        yield yard


@pytest.mark.rehearsal
def test_the_database_is_reached_from_this_machine(yard: Yard) -> None:
    """By the name of its endpoint; it asks for TLS as it does inside."""
    endpoint = yard.client("rds").describe_db_instances()["DBInstances"][0]["Endpoint"]
    with (
        exec_and_forward.forward(yard.emulator, endpoint["Address"], endpoint["Port"], 0) as port,
        socket.create_connection(("127.0.0.1", port), timeout=10) as client,
    ):
        client.sendall(SSL_REQUEST)
        assert client.recv(1) == b"S"


@pytest.mark.rehearsal
def test_a_command_runs_in_a_container(yard: Yard, capfd: pytest.CaptureFixture[str]) -> None:
    """With its user, files, network and variables; its exit code comes back, and nothing of this machine goes along."""
    task = yard.launch("sleep", "60")
    yard.reached(task, "RUNNING")
    script = 'id -u; hostname; echo "$DB_USER"; touch /opt/shelf/by-hand; exit 4'
    code = exec_and_forward.run(yard.emulator, task.rpartition("/")[2], "once", ("sh", "-c", script))
    user, host, database_user = capfd.readouterr().out.split()
    assert (code, user) == (4, "50000")
    assert host.startswith("ip-10-77-")
    assert database_user
    assert yard.run("ls", "/opt/shelf") == ["by-hand"]
    yard.client("ecs").stop_task(cluster=yard.outputs["Cluster"], task=task)


@pytest.mark.rehearsal
def test_a_command_gets_this_terminal(yard: Yard) -> None:
    """What is typed is heard, and the program knows that it has a terminal."""
    task = yard.launch("sleep", "60")
    yard.reached(task, "RUNNING")
    program = (
        "from pathlib import Path; from rehearsal.session import emulator_session, exec_and_forward\n"
        f"kept = emulator_session.read(Path({str(yard.emulator.directory)!r}))\n"
        f"exec_and_forward.run(kept, {task.rpartition('/')[2]!r}, 'once', ('bash', '--norc', '-i'))"
    )
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as shell:
        os.close(theirs)
        os.write(ours, b"[ -t 0 ] && echo termin''al; sleep 0 & wait; exit\n")
        output = _read(ours)
        assert shell.wait(30) == 0
    os.close(ours)
    assert b"terminal" in output
    yard.client("ecs").stop_task(cluster=yard.outputs["Cluster"], task=task)


def _read(terminal: int) -> bytes:
    """Everything that a terminal prints until the other end closes it."""
    output, end = b"", time.monotonic() + 30
    while time.monotonic() < end:
        try:
            output += os.read(terminal, 1000)
        except OSError:  # how Linux says that nobody holds the other end any more
            return output
    return output
