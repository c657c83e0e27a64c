"""The web port on this machine: an HTTP proxy to the names of the emulator, and a shortcut to its sites."""

import contextlib
import http.client
import select
import socket
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from rehearsal.emulator.networking import http_proxy
from rehearsal.emulator.networking.http_proxy import PIECE, Answer, Route

HTTP_PORT = 80
CONNECT_SECONDS = 5
TUNNEL_SECONDS = 20 * 60
"""A tunnel ends when it carries nothing for this long, as sessions of Systems Manager do."""


def serve(
    listener: socket.socket,
    port: int,
    site: Callable[[str, str, Mapping[str, str]], Route],
    address_of: Callable[[str], str | None],
    name_of_site: Callable[[str], tuple[str, int] | None],
) -> http_proxy.Server:
    """Answer on a listening socket from now on.

    A request for a name of the emulator, `CONNECT name:443` or `GET http://name/`, is forwarded unchanged: a browser
    with this port as its proxy reaches every site under its own name. Any other request goes to a site, which `site`
    picks by the Host of the request.

    Args:
        listener: where requests arrive.
        port: the port on this machine.
        site: picks a target for a request to a site, by method, path and headers.
        address_of: the address of a name of the emulator.
        name_of_site: name and port of the site of a Host, when it has TLS.
    """

    class Requests(_Requests):
        visible_port = port
        choose = staticmethod(site)
        find = staticmethod(address_of)
        tls_name = staticmethod(name_of_site)

    return http_proxy.listen(listener, port, Requests)


class _Requests(http_proxy.Requests):
    find: Callable[[str], str | None]
    tls_name: Callable[[str], tuple[str, int] | None]

    def do_CONNECT(self) -> None:  # noqa: N802  the library's name
        name, _, port = self.path.rpartition(":")
        with contextlib.ExitStack() as stack:
            other = self._dial(name, int(port), stack)
            if other is None:
                self.respond(Answer(status=502, body=f"There is no {name} in this rehearsal.\n".encode()))
                return
            self.send_response_only(200, "Connection established")
            self.end_headers()
            self.close_connection = True
            _pump(self.connection, other)

    def forward(self) -> None:
        if "://" in self.path:
            self._forward_to_name()
            return
        if named := self.tls_name(self.headers.get("Host") or ""):
            # A client of this port is on this machine: its plain request stands for one with TLS to the site.
            name, self.visible_port = named
            self.scheme = "https"
            del self.headers["Host"]
            self.headers["Host"] = name
        super().forward()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = forward  # noqa: N815  the library's names

    def _forward_to_name(self) -> None:
        wanted = urlsplit(self.path)
        address = self.find(wanted.hostname or "")
        if address is None:
            self.respond(Answer(status=502, body=f"There is no {wanted.hostname} in this rehearsal.\n".encode()))
            return
        connection = http.client.HTTPConnection(address, wanted.port or HTTP_PORT, timeout=http_proxy.IDLE_SECONDS)
        with contextlib.closing(connection):
            path = wanted._replace(scheme="", netloc="").geturl() or "/"
            connection.request(self.command, path, self.body() or None, dict(self.headers.items()))
            self.relay(connection.getresponse())

    def _dial(self, name: str, port: int, stack: contextlib.ExitStack) -> socket.socket | None:
        address = self.find(name)
        if address is None:
            return None
        try:
            return stack.enter_context(socket.create_connection((address, port), timeout=CONNECT_SECONDS))
        except OSError:
            return None


def _pump(one: Any, other: socket.socket) -> None:
    """Carry bytes both ways until one side ends or nothing moves for too long."""
    with contextlib.suppress(OSError):
        while ready := select.select([one, other], [], [], TUNNEL_SECONDS)[0]:
            for source in ready:
                piece = source.recv(PIECE)
                if not piece:
                    return
                (other if source is one else one).sendall(piece)
