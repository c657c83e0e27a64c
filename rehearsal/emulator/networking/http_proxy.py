"""The data path of a load balancer: forwards HTTP requests to a target, or answers them itself."""

import contextlib
import http.client
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from types import MappingProxyType
from typing import Any

IDLE_SECONDS = 60
CONNECT_SECONDS = 10
"""Source: "HTTP 504: Gateway timeout", User Guide for Application Load Balancers
(https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html)."""
PIECE = 65536
HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Fields of one connection, never forwarded. Source: RFC 9110 section 7.6.1."""
OWN_FIELDS = frozenset({"x-forwarded-for", "x-forwarded-proto", "x-forwarded-port"})
EMPTY_STATUSES = (204, 304)
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer of the load balancer itself."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ForwardTo:
    """A target, and header fields that the load balancer sets in place of the client's."""

    address: str
    port: int
    headers: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    """The address of the load balancer that the target sees; empty for any."""
    added: Mapping[str, str] = field(default_factory=dict)
    """Header fields of the answer that the load balancer sets in place of the target's."""


class Server(ThreadingHTTPServer):
    """Answers on a listening socket, with TLS where it has a context for it."""

    daemon_threads = True
    tls: ssl.SSLContext | None = None

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Do the TLS handshake before reading the request; drop a client that cannot."""
        if self.tls is None:
            super().finish_request(request, client_address)
            return
        with contextlib.suppress(OSError):
            request.settimeout(IDLE_SECONDS)
            with self.tls.wrap_socket(request, server_side=True) as secure:
                super().finish_request(secure, client_address)


Route = ForwardTo | Answer
"""Where a request goes, or its answer."""


def serve(
    listener: socket,
    port: int,
    route: Callable[[str, str, Mapping[str, str]], Route],
    tls: ssl.SSLContext | None = None,
) -> Server:
    """Answer on a listening socket from now on.

    Args:
        listener: where requests arrive.
        port: the port in X-Forwarded-Port.
        route: picks the target from method, path and headers.
        tls: the certificate, where clients use TLS.
    """

    class Answering(Requests):
        visible_port = port
        scheme = "https" if tls else "http"
        choose = staticmethod(route)

    return listen(listener, port, Answering, tls)


def listen(
    listener: socket, port: int, requests: type[BaseHTTPRequestHandler], tls: ssl.SSLContext | None = None
) -> Server:
    """Let a handler answer on a listening socket from now on."""
    server = Server(("", 0), requests, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    server.tls = tls
    threading.Thread(target=server.serve_forever, name=f"listener {port}", daemon=True).start()
    return server


def forwarded(headers: Mapping[str, str], client: str, port: int, scheme: str) -> dict[str, str]:
    """Return the headers for a target: the client's with its Host, and the load balancer's own.

    The load balancer sets X-Forwarded-For, -Proto and -Port; it forwards any other X-Forwarded-* header.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    named = {name.strip() for name in lower.get("connection", "").lower().split(",")} | HOP_BY_HOP
    before = lower.get("x-forwarded-for")
    kept = {name: value for name, value in headers.items() if name.lower() not in named}
    return {
        **{name: value for name, value in kept.items() if name.lower() not in OWN_FIELDS},
        "X-Forwarded-For": f"{before}, {client}" if before else client,
        "X-Forwarded-Proto": scheme,
        "X-Forwarded-Port": str(port),
    }


def replaced(headers: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of a request, with those that the load balancer sets itself in place of the client's."""
    dropped = {"content-length", *(name.lower() for name in own)}
    return {**{name: value for name, value in headers.items() if name.lower() not in dropped}, **own}


class Requests(BaseHTTPRequestHandler):
    """Forwards requests to the target that `choose` picks."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    visible_port = 80
    scheme = "http"
    choose: Callable[[str, str, Mapping[str, str]], Route]

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the library's name
        """Stay quiet: targets write their own access logs."""

    def forward(self) -> None:
        """Forward the request to its target."""
        body = self.body()
        headers = forwarded(dict(self.headers.items()), self.client_address[0], self.visible_port, self.scheme)
        chosen = self.choose(self.command, self.path, headers)
        if isinstance(chosen, Answer):
            self.respond(chosen)
            return
        source = (chosen.source, 0) if chosen.source else None
        connection = http.client.HTTPConnection(chosen.address, chosen.port, CONNECT_SECONDS, source)
        try:
            connection.connect()
            connection.sock.settimeout(IDLE_SECONDS)
            connection.request(self.command, self.path, body or None, replaced(headers, chosen.headers))
            self.relay(connection.getresponse(), chosen.added)
        except TimeoutError:
            self.respond(Answer(status=504, body=b"The target did not answer in time.\n"))
        except ConnectionRefusedError:
            self.respond(Answer(status=502, body=b"The target does not listen.\n"))
        except (OSError, http.client.HTTPException):
            self.close_connection = True
        finally:
            connection.close()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = forward  # noqa: N815  the library's names

    def body(self) -> bytes:
        """Return the body of the request."""
        return b"".join(self._pieces())

    def _pieces(self) -> Iterator[bytes]:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            yield self.rfile.read(int(self.headers.get("Content-Length") or 0))
            return
        while size := int(self.rfile.readline().split(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def relay(self, answer: http.client.HTTPResponse, added: Mapping[str, str] = NOTHING) -> None:
        """Send a target's answer on, with the load balancer's own header fields."""
        length = answer.getheader("Content-Length")
        empty = self.command == "HEAD" or answer.status in EMPTY_STATUSES
        chunked = length is None and not empty and self.request_version == "HTTP/1.1"
        self.send_response_only(answer.status, answer.reason)
        dropped = {name.lower() for name in added} | HOP_BY_HOP
        theirs = [(name, value) for name, value in answer.getheaders() if name.lower() not in dropped]
        for name, value in (*theirs, *added.items()):
            self.send_header(name, value)
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif length is None and not empty:
            self.send_header("Connection", "close")
        self.end_headers()
        while not empty and (piece := answer.read1(PIECE)):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")

    def respond(self, answer: Answer) -> None:
        """Answer without a target."""
        self.send_response_only(answer.status)
        for name, value in {"Content-Type": "text/plain", **answer.headers, "Server": "awselb/2.0"}.items():
            self.send_header(name, value)
        for cookie in answer.cookies:
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
