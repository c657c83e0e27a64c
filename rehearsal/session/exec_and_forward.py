"""Into a running emulator: a local port to any name in it, and a command in a running container."""

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
from rehearsal.emulator.networking import http_proxy, web_proxy
from rehearsal.host import ports
from rehearsal.host.errors import RehearsalFailure
from rehearsal.session.emulator_session import EmulatorSession

CONNECT_SECONDS = 10
START_SECONDS = 5
POLL_SECONDS = 0.05
STARTER = b"/rehearsal/emulator/containers/container_init.py"
"""The first process of a container runs this until its namespaces are complete."""


@contextmanager
def forward(emulator: EmulatorSession, host: str, port: int, local_port: int, *, source: str = "") -> Iterator[int]:
    """Let a port of this machine's loopback lead to a name or address of the emulator until the block ends.

    Args:
        emulator: the session.
        host: the name or address inside the emulator.
        port: the port of that host.
        local_port: the port of this machine; 0 takes any free one.
        source: the address in the emulator at which the tunnel begins; without one nothing keeps it from the host.

    Raises:
        RehearsalFailure: the local port is taken, or nothing listens at the other end.
    """
    where = (host, port, source)
    _dial(emulator, *where).close()
    with ports.listen(local_port, purpose="the tunnel") as listener:
        threading.Thread(target=_accept, args=(listener, emulator, where), name=f"tunnel {host}", daemon=True).start()
        try:
            yield ports.port_of(listener)
        finally:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)


def run(emulator: EmulatorSession, task: str, container: str, command: Sequence[str]) -> int:
    """Run one more command in a running container, at this process's terminal or pipes; return its exit code.

    Like with `docker exec`, the command has the container's variables, user, files and network.

    Raises:
        RehearsalFailure: there is no such container, or it has ended.
    """
    pid = _await_process(emulator, task, container)
    inside = Path("/proc", str(pid))
    user, group = ((inside / name).read_text("ascii").split()[0] for name in ("uid_map", "gid_map"))
    enter = [tool("nsenter"), f"--target={pid}", "--mount", "--pid", "--net", "--uts", "--"]
    become = ["unshare", "--user", f"--map-user={user}", f"--map-group={group}", f"--wd={(inside / 'cwd').readlink()}"]
    line = [*_as_owner(emulator), *enter, tool(become[0]), *become[1:], "--", *command]
    return subprocess.run(line, env=_env_vars(inside), check=False).returncode


def _await_process(emulator: EmulatorSession, task: str, container: str) -> int:
    """Wait for a container's first process; its task counts as running before its namespaces are complete."""
    deadline = time.monotonic() + START_SECONDS
    while (pid := _first_process(emulator.directory / "logs" / f"{task}-{container}.log")) is None:
        if time.monotonic() > deadline:
            what = f"Container {container} of task {task} does not run in this rehearsal."
            raise RehearsalFailure(what, "It has ended, or never began.")
        time.sleep(POLL_SECONDS)
    return pid


def _first_process(log: Path) -> int | None:
    """Return the number, on this machine, of the command inside; all processes of a container write to its log."""
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and (process / "fd" / "1").readlink() == log and _is_first(process):
                return int(process.name)
        except OSError:  # it has ended, or is another user's
            continue
    return None


def _is_first(process: Path) -> bool:
    """Whether a process is the command of a container: pid 1, or the first child of its init process."""
    status = (process / "status").read_text("ascii", "replace").splitlines()
    numbers = next((line.split() for line in status if line.startswith("NSpid:")), [""])
    return numbers[-1] in {"1", "2"} and STARTER not in (process / "cmdline").read_bytes()


def _as_owner(emulator: EmulatorSession) -> list[str]:
    """Enter the emulator's user namespace first, if it has one: there its owner may do what root may."""
    theirs, ours = (Path("/proc", who, "ns", "user").readlink() for who in (str(emulator.pid), "self"))
    return (
        []
        if theirs == ours
        else [tool("nsenter"), f"--target={emulator.pid}", "--user", "--preserve-credentials", "--"]
    )


def _env_vars(inside: Path) -> Mapping[str, str]:
    """Return the container's variables, and the type of our terminal."""
    entries = (inside / "environ").read_bytes().decode("utf-8", "surrogateescape").split("\0")
    variables = dict(entry.partition("=")[::2] for entry in entries if entry)
    return {**variables, "TERM": os.environ.get("TERM", "dumb")}


def _accept(listener: socket.socket, emulator: EmulatorSession, where: tuple[str, int, str]) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_carry, args=(client, emulator, where), daemon=True).start()


def _carry(client: socket.socket, emulator: EmulatorSession, where: tuple[str, int, str]) -> None:
    with client, contextlib.suppress(OSError, RehearsalFailure), _dial(emulator, *where) as other:
        while True:
            for source in select.select([client, other], [], [])[0]:
                piece = source.recv(http_proxy.PIECE)
                if not piece:
                    return
                (other if source is client else client).sendall(piece)


def _dial(emulator: EmulatorSession, host: str, port: int, source: str = "") -> socket.socket:
    """Connect through the emulator's web port, which knows every name in it."""
    with contextlib.ExitStack() as stack:
        answer = b""
        with contextlib.suppress(OSError):
            proxy = socket.create_connection((ports.LOOPBACK, emulator.web_port), timeout=CONNECT_SECONDS)
            connection = stack.enter_context(proxy)
            ours = f"Proxy-Authorization: {web_proxy.authorization(emulator.secret_key)}"
            ours += f"\r\n{web_proxy.SOURCE}: {source}" if source else ""
            connection.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n{ours}\r\n\r\n".encode())
            # Byte by byte: what follows is from the other end, where a MySQL server speaks first.
            while not answer.endswith(b"\r\n\r\n") and (piece := connection.recv(1)):
                answer += piece
        if answer.split()[1:2] == [b"504"]:
            why = f"Security groups or routes keep {source} from it, and on AWS the tunnel would time out."
            raise RehearsalFailure(f"The tunnel does not reach {host}:{port}.", why, "Look at the rules of both ends.")
        if answer.split()[1:2] != [b"200"]:
            raise RehearsalFailure(f"Nobody listens at {host}:{port} in this rehearsal.", "", "Look at what runs.")
        connection.settimeout(None)
        stack.pop_all()
        return connection
