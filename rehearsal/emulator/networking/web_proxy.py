"""The web port on this machine: an HTTP proxy to the names of the emulator, and a shortcut to its sites."""

import contextlib
import hmac
import http.client
import select
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from rehearsal.emulator.networking import http_proxy, request_origin
from rehearsal.emulator.networking.http_proxy import PIECE, Answer, Route

HTTP_PORT = 80
HTTPS_PORT = 443
CONNECT_SECONDS = 5
TUNNEL_SECONDS = 20 * 60
"""A tunnel ends when it carries nothing for this long, as sessions of Systems Manager do."""


@dataclass(frozen=True, kw_only=True)
class Sites:
    """The sites of the emulator, as the web port asks for them."""

    route: Callable[[str, str, Mapping[str, str]], Route]
    """Picks a target for a request to a site, by method, path and headers."""
    address_of: Callable[[str], str | None]
    """The address of a name of the emulator."""
    tls_name_of: Callable[[str], tuple[str, int] | None]
    """Name and port of the site of a Host, when it has TLS."""
    is_site: Callable[[str], bool]
    """Whether a Host is a name of a site."""
    obstacle: Callable[[str, str, int], str]
    """What keeps a source from a port of an address, in a sentence; no source is a client on the internet."""


SOURCE = "Rehearsal-Source"
"""The header in which the owner of a session names the address in it that a tunnel begins at."""


def authorization(secret_key: str) -> str:
    """Return the Proxy-Authorization of the owner of a session, who reaches every port of every name."""
    return f"Bearer {secret_key}"


def serve(listener: socket.socket, port: int, sites: Sites, secret_key: str) -> http_proxy.Server:
    """Answer on a listening socket from now on.

    A request for a name of the emulator, `CONNECT name:443` or `GET http://name/`, is forwarded unchanged: a browser
    with this port as its proxy reaches every site under its own name. Any other request goes to a site, which
    `sites` picks by the Host of the request. Without the key of the session only the ports of web sites are reached.

    Args:
        listener: where requests arrive.
        port: the port on this machine.
        sites: where requests go.
        secret_key: the key of the session.
    """

    class Requests(_Requests):
        visible_port = port
        choose = staticmethod(sites.route)
        known = sites
        owner = authorization(secret_key)

    return http_proxy.listen(listener, port, Requests)


class _Requests(http_proxy.Requests):
    known: Sites
    owner: str

    def do_CONNECT(self) -> None:  # noqa: N802  the library's name
        name, _, port = self.path.rpartition(":")
        if not self._may_reach(int(port)):
            self.respond(request_origin.REFUSED)
            return
        with contextlib.ExitStack() as stack:
            address = self.known.address_of(name)
            if address and (obstacle := self._obstacle(address, int(port))):
                self.respond(dropped(obstacle))
                return
            other = self._dial(address, int(port), stack)
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
        host = self.headers.get("Host") or ""
        named = request_origin.is_local(host) or self.known.is_site(host)
        if refused := request_origin.refusal(self.command, dict(self.headers.items()), named=named):
            self._refuse(refused)
            return
        if secure := self.known.tls_name_of(host):
            # A client of this port is on this machine: its plain request stands for one with TLS to the site.
            name, self.visible_port = secure
            self.scheme = "https"
            del self.headers["Host"]
            self.headers["Host"] = name
            if referer := self.headers.get("Referer"):
                self.headers.replace_header("Referer", referer.replace(f"http://{host}", f"https://{name}", 1))
        super().forward()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = forward  # noqa: N815  the library's names

    def _forward_to_name(self) -> None:
        wanted = urlsplit(self.path)
        port = wanted.port or HTTP_PORT
        may_reach, is_owner = self._may_reach(port), self._is_owner()
        del self.headers["Proxy-Authorization"]  # the key is for this proxy alone
        headers = dict(self.headers.items())
        if refused := request_origin.refusal(self.command, {**headers, "Host": wanted.netloc}, named=may_reach):
            self._refuse(refused)
            return
        address = self.known.address_of(wanted.hostname or "")
        if address is None:
            self.respond(Answer(status=502, body=f"There is no {wanted.hostname} in this rehearsal.\n".encode()))
            return
        if not is_owner and (obstacle := self.known.obstacle("", address, port)):
            self._refuse(dropped(obstacle))
            return
        connection = http.client.HTTPConnection(address, port, timeout=http_proxy.IDLE_SECONDS)
        with contextlib.closing(connection):
            path = wanted._replace(scheme="", netloc="").geturl() or "/"
            connection.request(self.command, path, self.body() or None, headers)
            self.relay(connection.getresponse())

    def _may_reach(self, port: int) -> bool:
        """Return whether a port is that of a site, or the client owns the session: databases are not for all."""
        return port in (HTTP_PORT, HTTPS_PORT) or self._is_owner()

    def _is_owner(self) -> bool:
        given = self.headers.get("Proxy-Authorization") or ""
        return hmac.compare_digest(given.encode(), self.owner.encode())

    def _obstacle(self, address: str, port: int) -> str:
        """Return what keeps the client from a port; the owner reaches every port, unless a tunnel has a source."""
        source = self.headers.get(SOURCE) or ""
        return "" if self._is_owner() and not source else self.known.obstacle(source, address, port)

    def _refuse(self, answer: Answer) -> None:
        self.body()
        self.respond(answer)

    def _dial(self, address: str | None, port: int, stack: contextlib.ExitStack) -> socket.socket | None:
        if address is None:
            return None
        try:
            return stack.enter_context(socket.create_connection((address, port), timeout=CONNECT_SECONDS))
        except OSError:
            return None


def dropped(obstacle: str) -> Answer:
    """Return what stands for the timeout of a client whose packets are dropped."""
    return Answer(status=504, body=f"On AWS this connection times out: {obstacle}.\n".encode())


def _pump(one: Any, other: socket.socket) -> None:
    """Carry bytes both ways until one side ends or nothing moves for too long."""
    with contextlib.suppress(OSError):
        while ready := select.select([one, other], [], [], TUNNEL_SECONDS)[0]:
            for source in ready:
                piece = source.recv(PIECE)
                if not piece:
                    return
                (other if source is one else one).sendall(piece)
