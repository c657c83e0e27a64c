"""The data path of a load balancer: takes HTTP requests and hands them to a target, or answers itself."""

import http.client
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
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
EMPTY_STATUSES = (204, 304)


@dataclass(frozen=True)
class Answer:
    """What the load balancer says itself."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Server = ThreadingHTTPServer
"""What answers at a door."""
Route = tuple[str, int] | Answer
"""Address and port of a target, or an answer."""


def serve(door: socket, port: int, route: Callable[[str, str, Mapping[str, str]], Route]) -> Server:
    """Answer on a listening socket from now on.

    Args:
        door: where requests come in.
        port: what targets are told of the port the client came to.
        route: picks the target from method, path and headers.
    """

    class Requests(_Requests):
        visible_port = port
        choose = staticmethod(route)

    server = ThreadingHTTPServer(("", 0), Requests, bind_and_activate=False)
    server.socket.close()
    server.socket = door
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name=f"listener {port}", daemon=True).start()
    return server


def forwarded(headers: Mapping[str, str], client: str, port: int) -> dict[str, str]:
    """The headers a target gets: the client's, the Host kept, with X-Forwarded-* of the load balancer."""
    lower = {name.lower(): value for name, value in headers.items()}
    named = {name.strip() for name in lower.get("connection", "").lower().split(",")} | HOP_BY_HOP
    before = lower.get("x-forwarded-for")
    kept = {name: value for name, value in headers.items() if name.lower() not in named}
    return {
        **{name: value for name, value in kept.items() if not name.lower().startswith("x-forwarded-")},
        "X-Forwarded-For": f"{before}, {client}" if before else client,
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Port": str(port),
    }


class _Requests(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    visible_port = 80
    choose: Callable[[str, str, Mapping[str, str]], Route]

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the library's name
        """Stay quiet: targets write their own access logs."""

    def _forward(self) -> None:
        body = b"".join(self._body())
        chosen = self.choose(self.command, self.path, dict(self.headers.items()))
        if isinstance(chosen, Answer):
            self._say(chosen)
            return
        headers = forwarded(dict(self.headers.items()), self.client_address[0], self.visible_port)
        connection = http.client.HTTPConnection(*chosen, timeout=IDLE_SECONDS)
        try:
            headers = {name: value for name, value in headers.items() if name.lower() != "content-length"}
            connection.request(self.command, self.path, body or None, headers)
            self._relay(connection.getresponse())
        except TimeoutError:
            self._say(Answer(504, {}, b"The target did not answer in time.\n"))
        except ConnectionRefusedError:
            self._say(Answer(502, {}, b"The target does not listen.\n"))
        except (OSError, http.client.HTTPException):
            self.close_connection = True
        finally:
            connection.close()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _forward  # noqa: N815  the library's names

    def _body(self) -> Iterator[bytes]:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            yield self.rfile.read(int(self.headers.get("Content-Length") or 0))
            return
        while size := int(self.rfile.readline().split(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _relay(self, answer: http.client.HTTPResponse) -> None:
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

    def _say(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        for name, value in {"Content-Type": "text/plain", **answer.headers, "Server": "awselb/2.0"}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
