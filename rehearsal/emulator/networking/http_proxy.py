"""The data path of a load balancer: takes HTTP requests and hands them to a target, or answers itself."""

import contextlib
import http.client
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from typing import Any

IDLE_SECONDS = 60
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
"""RFC 9110 section 7.6.1: fields that belong to one connection alone."""
OWN_FIELDS = frozenset({"x-forwarded-for", "x-forwarded-proto", "x-forwarded-port"})
EMPTY_STATUSES = (204, 304)


@dataclass(frozen=True)
class Answer:
    """What the load balancer says itself."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: tuple[str, ...] = ()


@dataclass(frozen=True)
class ForwardTo:
    """A target, and what the load balancer itself says to it in header fields, in place of the client."""

    address: str
    port: int
    said: Mapping[str, str] = field(default_factory=dict)


class Server(ThreadingHTTPServer):
    """What answers at a door, with TLS where it has a context for that."""

    daemon_threads = True
    tls: ssl.SSLContext | None = None

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands before reading the request; whoever cannot is left alone."""
        if self.tls is None:
            super().finish_request(request, client_address)
            return
        with contextlib.suppress(OSError):
            request.settimeout(IDLE_SECONDS)
            with self.tls.wrap_socket(request, server_side=True) as secure:
                super().finish_request(secure, client_address)


Route = ForwardTo | Answer
"""Where a request goes, or what is said to it."""


def serve(
    door: socket,
    port: int,
    route: Callable[[str, str, Mapping[str, str]], Route],
    tls: ssl.SSLContext | None = None,
) -> Server:
    """Answer on a listening socket from now on.

    Args:
        door: where requests come in.
        port: what targets are told of the port the client came to.
        route: picks the target from method, path and headers.
        tls: what it proves its name with, where clients come with TLS.
    """

    class Answering(Requests):
        visible_port = port
        scheme = "https" if tls else "http"
        choose = staticmethod(route)

    return listen(door, port, Answering, tls)


def listen(
    door: socket, port: int, requests: type[BaseHTTPRequestHandler], tls: ssl.SSLContext | None = None
) -> Server:
    """Let a handler answer on a listening socket from now on."""
    server = Server(("", 0), requests, bind_and_activate=False)
    server.socket.close()
    server.socket = door
    server.tls = tls
    threading.Thread(target=server.serve_forever, name=f"listener {port}", daemon=True).start()
    return server


def forwarded(headers: Mapping[str, str], client: str, port: int, scheme: str) -> dict[str, str]:
    """The headers a target gets: the client's, the Host kept, and what the load balancer says for itself.

    It says for whom, with which protocol and from which port; any other X-Forwarded-* header it lets through.
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


def told(headers: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    """The headers with which a target is asked: the request's, but for what the load balancer says itself."""
    replaced = {"content-length", *(name.lower() for name in said)}
    return {**{name: value for name, value in headers.items() if name.lower() not in replaced}, **said}


class Requests(BaseHTTPRequestHandler):
    """Takes requests and hands them to whom `choose` names."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    visible_port = 80
    scheme = "http"
    choose: Callable[[str, str, Mapping[str, str]], Route]

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the library's name
        """Stay quiet: targets write their own access logs."""

    def forward(self) -> None:
        """Hand the request to its target."""
        body = self.body()
        headers = forwarded(dict(self.headers.items()), self.client_address[0], self.visible_port, self.scheme)
        chosen = self.choose(self.command, self.path, headers)
        if isinstance(chosen, Answer):
            self.say(chosen)
            return
        connection = http.client.HTTPConnection(chosen.address, chosen.port, timeout=IDLE_SECONDS)
        try:
            connection.request(self.command, self.path, body or None, told(headers, chosen.said))
            self.relay(connection.getresponse())
        except TimeoutError:
            self.say(Answer(504, {}, b"The target did not answer in time.\n"))
        except ConnectionRefusedError:
            self.say(Answer(502, {}, b"The target does not listen.\n"))
        except (OSError, http.client.HTTPException):
            self.close_connection = True
        finally:
            connection.close()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = forward  # noqa: N815  the library's names

    def body(self) -> bytes:
        """The body of the request."""
        return b"".join(self._pieces())

    def _pieces(self) -> Iterator[bytes]:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            yield self.rfile.read(int(self.headers.get("Content-Length") or 0))
            return
        while size := int(self.rfile.readline().split(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def relay(self, answer: http.client.HTTPResponse) -> None:
        """Give a target's answer back as it is."""
        length = answer.getheader("Content-Length")
        empty = self.command == "HEAD" or answer.status in EMPTY_STATUSES
        chunked = length is None and not empty and self.request_version == "HTTP/1.1"
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP:
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

    def say(self, answer: Answer) -> None:
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
