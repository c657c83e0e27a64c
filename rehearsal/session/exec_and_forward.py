"""Straight into the emulator: a local port that leads to any name in it, and a command in a running container."""

import contextlib
import os
import select
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from rehearsal.emulator.containers.container import tool
from rehearsal.emulator.networking import http_proxy
from rehearsal.host import ports
from rehearsal.host.errors import RehearsalFailure
from rehearsal.session.emulator_session import EmulatorSession

CONNECT_SECONDS = 10
START_SECONDS = 5
POLL_SECONDS = 0.05
STARTER = b"/rehearsal/emulator/init.py"
"""What a container's first process is until its walls are up."""


@contextmanager
def forward(emulator: EmulatorSession, host: str, port: int, local_port: int) -> Iterator[int]:
    """Let a port of this machine's loopback lead to a name or address of the emulator until the block ends.

    Args:
        emulator: the emulator.
        host: what its own processes call the other end.
        port: the port there.
        local_port: the port here; 0 takes any free one.

    Raises:
        RehearsalFailure: the port here is taken, or nobody listens there.
    """
    _dial(emulator, host, port).close()
    with ports.listen(local_port, purpose="the tunnel") as door:
        threading.Thread(target=_accept, args=(door, emulator, host, port), name=f"tunnel {host}", daemon=True).start()
        try:
            yield ports.port_of(door)
        finally:
            with contextlib.suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)


def run(emulator: EmulatorSession, task: str, container: str, command: Sequence[str]) -> int:
    """Run one more command in a running container, at this process's terminal or pipes; its exit code.

    It has the container's environment, user, files and network, as `docker exec` has it.

    Raises:
        RehearsalFailure: there is no such container, or it has ended.
    """
    pid = _await_process(emulator, task, container)
    inside = Path("/proc", str(pid))
    user, group = ((inside / name).read_text("ascii").split()[0] for name in ("uid_map", "gid_map"))
    enter = [tool("nsenter"), f"--target={pid}", "--mount", "--pid", "--net", "--uts", "--"]
    become = ["unshare", "--user", f"--map-user={user}", f"--map-group={group}", f"--wd={(inside / 'cwd').readlink()}"]
    line = [*_as_owner(emulator), *enter, tool(become[0]), *become[1:], "--", *command]
    return subprocess.run(line, env=_environment(inside), check=False).returncode


def _await_process(emulator: EmulatorSession, task: str, container: str) -> int:
    """The first process of a container; its task counts as running a moment before its walls are up."""
    deadline = time.monotonic() + START_SECONDS
    while (pid := _first_process(emulator.directory / "logs" / f"{task}-{container}.log")) is None:
        if time.monotonic() > deadline:
            what = f"Container {container} of task {task} does not run in this rehearsal."
            raise RehearsalFailure(what, "It has ended, or never began.")
        time.sleep(POLL_SECONDS)
    return pid


def _first_process(log: Path) -> int | None:
    """The process that is the command inside, by its number here: all in the container write to one log."""
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and (process / "fd" / "1").readlink() == log and _is_first(process):
                return int(process.name)
        except OSError:  # it has ended meanwhile, or is somebody else's
            continue
    return None


def _is_first(process: Path) -> bool:
    """Whether a process is the command of a container: pid 1, or its init's first child, once it has come so far."""
    status = (process / "status").read_text("ascii", "replace").splitlines()
    numbers = next((line.split() for line in status if line.startswith("NSpid:")), [""])
    return numbers[-1] in {"1", "2"} and STARTER not in (process / "cmdline").read_bytes()


def _as_owner(emulator: EmulatorSession) -> list[str]:
    """Step into the emulator's user namespace first, where it has one: there its owner may do what root may."""
    theirs, ours = (Path("/proc", who, "ns", "user").readlink() for who in (str(emulator.pid), "self"))
    return (
        []
        if theirs == ours
        else [tool("nsenter"), f"--target={emulator.pid}", "--user", "--preserve-credentials", "--"]
    )


def _environment(inside: Path) -> Mapping[str, str]:
    """The container's variables, and what our terminal is called."""
    entries = (inside / "environ").read_bytes().decode("utf-8", "surrogateescape").split("\0")
    given = dict(entry.partition("=")[::2] for entry in entries if entry)
    return {**given, "TERM": os.environ.get("TERM", "dumb")}


def _accept(door: socket.socket, emulator: EmulatorSession, host: str, port: int) -> None:
    while True:
        try:
            client, _ = door.accept()
        except OSError:
            return
        threading.Thread(target=_carry, args=(client, emulator, host, port), daemon=True).start()


def _carry(client: socket.socket, emulator: EmulatorSession, host: str, port: int) -> None:
    with client, contextlib.suppress(OSError, RehearsalFailure), _dial(emulator, host, port) as other:
        while True:
            for source in select.select([client, other], [], [])[0]:
                piece = source.recv(http_proxy.PIECE)
                if not piece:
                    return
                (other if source is client else client).sendall(piece)


def _dial(emulator: EmulatorSession, host: str, port: int) -> socket.socket:
    """Connect through the emulator's door, which knows every name in it."""
    with contextlib.ExitStack() as stack:
        answer = b""
        with contextlib.suppress(OSError):
            door = socket.create_connection((ports.LOOPBACK, emulator.web_port), timeout=CONNECT_SECONDS)
            connection = stack.enter_context(door)
            connection.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
            # Byte by byte: what follows belongs to whoever speaks first at the other end, as a MySQL server does.
            while not answer.endswith(b"\r\n\r\n") and (piece := connection.recv(1)):
                answer += piece
        if answer.split()[1:2] != [b"200"]:
            raise RehearsalFailure(f"Nobody listens at {host}:{port} in this rehearsal.", "", "Look at what runs.")
        connection.settimeout(None)
        stack.pop_all()
        return connection
