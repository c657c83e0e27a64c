"""Straight into the bed: a local port that leads to any name in it, and a command in a running container."""

import contextlib
import os
import select
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from rehearsal import ports
from rehearsal.bed import Bed
from rehearsal.emulator import forwarder
from rehearsal.emulator.container import tool
from rehearsal.errors import RehearsalFailure

CONNECT_SECONDS = 10


@contextmanager
def forward(bed: Bed, host: str, port: int, local_port: int) -> Iterator[int]:
    """Let a port of this machine's loopback lead to a name or address of the bed until the block ends.

    Args:
        bed: the bed.
        host: what its own processes call the other end.
        port: the port there.
        local_port: the port here; 0 takes any free one.

    Raises:
        RehearsalFailure: the port here is taken, or nobody listens there.
    """
    _dial(bed, host, port).close()
    with ports.listen(local_port, purpose="the tunnel") as door:
        threading.Thread(target=_accept, args=(door, bed, host, port), name=f"tunnel {host}", daemon=True).start()
        try:
            yield ports.port_of(door)
        finally:
            with contextlib.suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)


def run(bed: Bed, task: str, container: str, command: Sequence[str]) -> int:
    """Run one more command in a running container, at this process's terminal or pipes; its exit code.

    It has the container's environment, user, files and network, as `docker exec` has it.

    Raises:
        RehearsalFailure: there is no such container, or it has ended.
    """
    pid = first_process(bed, task, container)
    inside = Path("/proc", str(pid))
    user, group = ((inside / name).read_text("ascii").split()[0] for name in ("uid_map", "gid_map"))
    enter = [tool("nsenter"), f"--target={pid}", "--mount", "--pid", "--net", "--uts", "--"]
    become = ["unshare", "--user", f"--map-user={user}", f"--map-group={group}", f"--wd={(inside / 'cwd').readlink()}"]
    line = [*_as_owner(bed), *enter, tool(become[0]), *become[1:], "--", *command]
    return subprocess.run(line, env=_environment(inside), check=False).returncode


def first_process(bed: Bed, task: str, container: str) -> int:
    """The process that is pid 1 in a container, by its number here; it is the first that writes to the container's log.

    Raises:
        RehearsalFailure: there is none.
    """
    log = str(bed.directory / "logs" / f"{task}-{container}.log")
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and str((process / "fd" / "1").readlink()) == log and _is_first(process):
                return int(process.name)
        except OSError:
            continue
    raise RehearsalFailure(f"Container {container} of task {task} does not run in this rehearsal.", "It has ended.")


def _is_first(process: Path) -> bool:
    status = (process / "status").read_text("ascii", "replace").splitlines()
    return any(line.startswith("NSpid:") and line.split()[-1] == "1" for line in status)


def _as_owner(bed: Bed) -> list[str]:
    """Step into the bed's user namespace first, where it has one: there its owner may do what root may."""
    theirs, ours = (Path("/proc", who, "ns", "user").readlink() for who in (str(bed.pid), "self"))
    return [] if theirs == ours else [tool("nsenter"), f"--target={bed.pid}", "--user", "--preserve-credentials", "--"]


def _environment(inside: Path) -> Mapping[str, str]:
    """The container's variables, and what our terminal is called."""
    entries = (inside / "environ").read_bytes().decode("utf-8", "surrogateescape").split("\0")
    given = dict(entry.partition("=")[::2] for entry in entries if entry)
    return {**given, "TERM": os.environ.get("TERM", "dumb")}


def _accept(door: socket.socket, bed: Bed, host: str, port: int) -> None:
    while True:
        try:
            client, _ = door.accept()
        except OSError:
            return
        threading.Thread(target=_carry, args=(client, bed, host, port), daemon=True).start()


def _carry(client: socket.socket, bed: Bed, host: str, port: int) -> None:
    with client, contextlib.suppress(OSError, RehearsalFailure), _dial(bed, host, port) as other:
        while True:
            for source in select.select([client, other], [], [])[0]:
                piece = source.recv(forwarder.PIECE)
                if not piece:
                    return
                (other if source is client else client).sendall(piece)


def _dial(bed: Bed, host: str, port: int) -> socket.socket:
    """Connect through the bed's door, which knows every name in it."""
    with contextlib.ExitStack() as stack:
        answer = b""
        with contextlib.suppress(OSError):
            door = socket.create_connection((ports.LOOPBACK, bed.web_port), timeout=CONNECT_SECONDS)
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
