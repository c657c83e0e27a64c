"""The listening sockets on this machine's loopback, opened before the emulator enters its own network namespace."""

import errno
import socket

from rehearsal.host.errors import RehearsalFailure

LOOPBACK = "127.0.0.1"
FIRST_OPEN_PORT = 1024


def listen(port: int, *, purpose: str) -> socket.socket:
    """Open an inheritable listening socket on loopback; port 0 takes any free one.

    Raises:
        RehearsalFailure: the port is taken, or this user may not open it.
    """
    try:
        listener = socket.create_server((LOOPBACK, port), backlog=128)
    except OSError as error:
        raise _refusal(port, purpose, error) from error
    listener.set_inheritable(True)
    return listener


def port_of(listener: socket.socket) -> int:
    """Return the port of a listening socket."""
    return int(listener.getsockname()[1])


def answers(port: int) -> bool:
    """Whether something listens on a port of this machine's loopback."""
    with socket.socket() as probe:
        return not probe.connect_ex((LOOPBACK, port))


def _refusal(port: int, purpose: str, error: OSError) -> RehearsalFailure:
    if error.errno == errno.EADDRINUSE:
        return RehearsalFailure(
            f"Port {port} on {LOOPBACK} is taken; the rehearsal wants it for {purpose}.",
            "Another program, or a rehearsal that was kept, listens there.",
            f"Stop it (`ss -ltnp 'sport = :{port}'` names it), or choose another port; 0 takes any free one.",
        )
    return RehearsalFailure(
        f"Port {port} on {LOOPBACK} cannot be opened for {purpose}: {error.strerror}.",
        "Ports below 1024 belong to root on most machines." if port < FIRST_OPEN_PORT else "",
        "Choose another port; 0 takes any free one.",
    )
