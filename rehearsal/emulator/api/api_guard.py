"""Lets only signed requests of programs reach the AWS API, and removes what would let a web page read its answers."""

import asyncio
import contextlib
import json
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import quote
from xml.sax.saxutils import escape

from rehearsal.emulator.api import request_lengths, signatures, signed_request
from rehearsal.emulator.api.signed_request import Denial, Signature, SignedRequest
from rehearsal.emulator.api.throttle import THROTTLED, Throttle
from rehearsal.emulator.networking.network import GATEWAY
from rehearsal.emulator.networking.request_origin import LOCAL, is_foreign
from rehearsal.emulator.rules import fake_clock
from rehearsal.emulator.rules.settings import Settings
from rehearsal.host.ports import LOOPBACK

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

HEALTH_PATH = "/_ministack/health"
"""Answers without a signature: it says nothing of what is in the emulator."""
CORS = b"access-control-"
BAD_REQUEST, FORBIDDEN = 400, 403
SILENT_SECONDS = 120
"""Longer than the clients of AWS wait."""
FORM = "application/x-www-form-urlencoded"
FOREIGN = Denial("AccessDeniedException", "The emulator answers programs on this machine, under its own names, only.")
CODES_OF_S3 = {"InvalidClientTokenId": "InvalidAccessKeyId", "MissingAuthenticationToken": "AccessDenied"}
"""Source: "Error responses", Amazon S3 API Reference."""
CODES_OF_EC2 = {"AccessDenied": "UnauthorizedOperation"}
CODES_OF_JSON = {
    "AccessDenied": "AccessDeniedException",
    THROTTLED.code: "ThrottlingException",
    request_lengths.CODE: "ValidationException",
}
"""Source: "Common Errors" of the API references of EC2, ECS, Secrets Manager and CloudWatch Logs."""


class Authorizer(Protocol):
    """Knows the keys of all principals, and what each may do."""

    def secret_key_of(self, signature: Signature, token: str) -> str | None:
        """Return the secret key for the access key of a signature; None when there is no such key."""
        ...

    def refuse(self, request: SignedRequest, signature: Signature) -> Denial | None:
        """Return why the principal of a request may not make its call; None when it may."""
        ...

    def is_emulator(self, signature: Signature) -> bool:
        """Whether the emulator calls itself."""
        ...

    def is_out_of_reach(self, address: str, service: str) -> bool:
        """Whether the network keeps who calls from an address from the API of a service."""
        ...


class ApiGuard:
    """The ASGI application in front of MiniStack's."""

    def __init__(self, application: Application, settings: Settings, authorizer: Authorizer) -> None:
        self._application = application
        self._authorizer = authorizer
        self._directory = settings.path
        self._throttle = Throttle()
        self._hosts = {f"{name}:{settings.gateway_port}" for name in (LOOPBACK, LOCAL, GATEWAY)}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, or the events of a server's life."""
        if scope["type"] == "lifespan":
            await self._application(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await send({"type": "websocket.close"})

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        request = _request(scope)
        if request.headers.get("host", "").lower() not in self._hosts or is_foreign(request.headers):
            await _deny(request, FOREIGN, send)
            return
        if request.path == HEALTH_PATH and request.method == "GET":
            await self._application(scope, receive, _without_cors(send))
            return
        signature = signed_request.read(request)
        if isinstance(signature, Denial):
            await _deny(request, signature, send)
        elif self._authorizer.is_out_of_reach(_address(scope), signature.service):
            await _stay_silent(receive)
        else:
            await self._answer_signed(signature, scope, receive, send)

    async def _answer_signed(self, signature: Signature, scope: Message, receive: Receive, send: Send) -> None:
        request = _request(scope)
        secret_key = self._authorizer.secret_key_of(signature, signature.token)
        if secret_key is None:
            await _deny(request, signatures.UNKNOWN_KEY, send, signature.service)
            return
        body = await _read(receive)
        signed = _request(scope, body)
        denial = signatures.check(signed, signature, secret_key, *self._clocks())
        if denial := denial or self._authorizer.refuse(signed, signature):
            await _deny(request, denial, send, signature.service)
            return
        if not self._authorizer.is_emulator(signature) and (denial := self._throttle.refuse(signature.service)):
            await _deny(request, denial, send, signature.service)
            return
        await self._application(scope, _replay(body, receive), _without_cors(send))

    def _clocks(self) -> tuple[datetime, ...]:
        """Return the time of this machine, and that of the containers, which may be another."""
        return datetime.now(UTC), datetime.fromtimestamp(fake_clock.now_of_containers(self._directory), UTC)


def _address(scope: Message) -> str:
    return str((scope.get("client") or ("",))[0])


async def _stay_silent(receive: Receive) -> None:
    """Answer nothing until the client gives up: on AWS the connection itself would time out."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SILENT_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return


def _request(scope: Message, body: bytes = b"") -> SignedRequest:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("utf-8", "replace")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    path = (scope.get("raw_path") or quote(scope["path"]).encode()).decode("latin-1").partition("?")[0]
    query = scope.get("query_string", b"").decode("latin-1")
    return SignedRequest(
        method=scope["method"], path=path, query=query, headers=headers, body=body, address=_address(scope)
    )


async def _read(receive: Receive) -> bytes:
    pieces, more = [], True
    while more:
        message = await receive()
        pieces.append(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)
    return b"".join(pieces)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return what gives the application the body again, and then what follows, such as the end of the connection."""
    waiting = [body]

    async def replay() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replay


def _without_cors(send: Send) -> Send:
    async def send_without(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [pair for pair in message.get("headers") or () if not pair[0].lower().startswith(CORS)]
            message = {**message, "headers": headers}
        await send(message)

    return send_without


async def _deny(request: SignedRequest, denial: Denial, send: Send, service: str = "") -> None:
    """Answer in the protocol of the service, so that its clients find code and message."""
    identity = str(uuid.uuid4())
    status = BAD_REQUEST if denial.code == request_lengths.CODE else FORBIDDEN
    code, message = escape(denial.code), escape(denial.message)
    kind, error = "text/xml", f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    if service == "s3":
        body = error.replace(code, CODES_OF_S3.get(code, code), 1)
    elif service == "ec2":
        error = error.replace(code, CODES_OF_EC2.get(code, code), 1)
        body = f"<Response><Errors>{error}</Errors><RequestID>{identity}</RequestID></Response>"
    elif service == "route53" or request.headers.get("content-type", "").startswith(FORM):
        body = f"<ErrorResponse>{error}<RequestId>{identity}</RequestId></ErrorResponse>"
    else:
        code = CODES_OF_JSON.get(denial.code, denial.code)
        kind, body = "application/json", json.dumps({"__type": code, "message": denial.message})
        status = BAD_REQUEST if "x-amz-target" in request.headers else status
    own = {"content-type": kind, "x-amzn-requestid": identity, "x-amzn-errortype": code}
    headers = [(name.encode(), value.encode()) for name, value in own.items()]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else body.encode()})
