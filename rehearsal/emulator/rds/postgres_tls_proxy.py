"""The network side of a database: speaks TLS for a Postgres built without it, and may refuse plain connections.

PostgreSQL frontend/backend protocol: https://www.postgresql.org/docs/16/protocol-flow.html#PROTOCOL-FLOW-SSL
"""

import contextlib
import os
import selectors
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from pathlib import Path

from rehearsal.emulator.rules.connection_rules import ConnectionRules

SSL_REQUEST = struct.pack("!II", 8, 80877103)
GSS_REQUEST = struct.pack("!II", 8, 80877104)
CANCEL_REQUEST = struct.pack("!II", 16, 80877102)
PIECE = 65536
NOT_YET = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class PostgresTlsProxy:
    """Listens on an address and carries connections to a Postgres on a Unix socket, with TLS only if that is forced."""

    def __init__(
        self, address: tuple[str, int], socket_file: Path, context: ssl.SSLContext, rules: Callable[[], ConnectionRules]
    ) -> None:
        self._listener = socket.create_server(address, backlog=128)
        self._socket_file = socket_file
        self._context = context
        self._rules = rules
        threading.Thread(target=self._accept, name=f"postgres {address[0]}", daemon=True).start()

    def close(self) -> None:
        """Accept no more connections."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, peer = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client, peer[0]), daemon=True).start()

    def _serve(self, client: socket.socket, peer: str) -> None:
        try:
            with client:
                rules = self._rules()
                client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
                for option, value in rules.socket_options:
                    client.setsockopt(socket.IPPROTO_TCP, option, value)
                opening = _receive(client, 8)
                if opening == GSS_REQUEST:
                    client.sendall(b"N")
                    opening = _receive(client, 8)
                if opening == SSL_REQUEST:
                    client.sendall(b"S")
                    with self._context.wrap_socket(client, server_side=True) as secured:
                        self._carry(secured)
                elif opening != CANCEL_REQUEST:
                    startup = opening + _receive(client, struct.unpack("!I", opening[:4])[0] - 8)
                    if rules.forces_tls:
                        client.sendall(refusal(peer, startup))
                    else:
                        self._carry(client, startup)
        except (OSError, struct.error):
            return

    def _carry(self, client: socket.socket, received: bytes = b"") -> None:
        with connect_unix(self._socket_file) as server:
            server.sendall(received)
            carry(client, server)


def carry(client: socket.socket, server: socket.socket) -> None:
    """Carry bytes both ways until one side ends.

    One thread does both: two at once would corrupt a TLS connection, and a thread that stays behind would read from
    a file descriptor that the next connection has by then. Neither side waits for the other to read.
    """
    due: dict[socket.socket, bytearray] = {client: bytearray(), server: bytearray()}
    with selectors.DefaultSelector() as either:
        for side in due:
            side.setblocking(False)
            either.register(side, selectors.EVENT_READ)
        while True:
            either.select(0 if isinstance(client, ssl.SSLSocket) and client.pending() else None)
            for source, sink in ((client, server), (server, client)):
                piece = _take(source)
                if piece == b"":
                    sink.setblocking(True)
                    sink.sendall(due[sink])
                    return
                due[sink] += piece or b""
                _send(sink, due[sink])
                either.modify(sink, selectors.EVENT_READ | (selectors.EVENT_WRITE if due[sink] else 0))


def refusal(peer: str, startup: bytes) -> bytes:
    """Return RDS's answer to a client without TLS when `rds.force_ssl` is on."""
    words = startup[8:].rstrip(b"\0").split(b"\0")
    said = {key.decode(): value.decode("utf-8", "replace") for key, value in zip(words[::2], words[1::2], strict=False)}
    user = said.get("user", "")
    database = said.get("database", user)
    message = f'no pg_hba.conf entry for host "{peer}", user "{user}", database "{database}", no encryption'
    fields = {"S": "FATAL", "V": "FATAL", "C": "28000", "M": message}
    body = b"".join(f"{key}{value}\0".encode() for key, value in fields.items()) + b"\0"
    return b"E" + struct.pack("!I", len(body) + 4) + body


def connect_unix(file: Path) -> socket.socket:
    """Connect to a Unix socket however long its path: the kernel allows 107 bytes, a directory handle shortens it."""
    directory = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(f"/proc/self/fd/{directory}/{file.name}")
    finally:
        os.close(directory)
    return connection


def _receive(source: socket.socket, count: int) -> bytes:
    return source.recv(count, socket.MSG_WAITALL)


def _take(source: socket.socket) -> bytes | None:
    """Return what has arrived: nothing when the connection has ended, None when nothing has arrived yet."""
    try:
        return source.recv(PIECE)
    except NOT_YET:
        return None


def _send(sink: socket.socket, due: bytearray) -> None:
    """Send as much of what is due as the socket takes now."""
    with contextlib.suppress(*NOT_YET):
        while due:
            del due[: sink.send(due)]
