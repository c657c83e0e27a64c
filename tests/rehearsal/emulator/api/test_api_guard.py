"""The promises of rehearsal/emulator/api/api_guard.py."""

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from rehearsal.emulator.api.api_guard import ApiGuard, Authorizer
from rehearsal.emulator.api.signed_request import Denial, Signature, SignedRequest
from rehearsal.emulator.api.throttle import MOST
from rehearsal.emulator.rules.settings import Settings

SETTINGS = Settings(
    directory="/nowhere",
    gateway_port=4566,
    web_port=8080,
    region="eu-central-1",
    account="123456789012",
    secret_key="of-this-session",
    gateway_fd=3,
    web_fd=4,
    client_address="198.51.100.1",
    parent_fd=-1,
)
HOST = "127.0.0.1:4566"
RUN = "AmazonEC2ContainerServiceV20141113.RunTask"
LIST = "AmazonEC2ContainerServiceV20141113.ListClusters"
JSON = {"Content-Type": "application/x-amz-json-1.1"}
KEYS = ("123456789012", "of-this-session")
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


class Keys(Authorizer):
    """One key, which may do anything but list clusters."""

    def secret_key_of(self, signature: Signature, token: str) -> str | None:
        """Return the secret key of the session, which has no token."""
        return KEYS[1] if signature.access_key == KEYS[0] and not token else None

    def is_emulator(self, signature: Signature) -> bool:
        """Nobody here is it."""
        return signature.access_key == "the emulator"

    def is_out_of_reach(self, address: str, service: str) -> bool:
        """Keep one address away."""
        return (address, service) == (AWAY, "ecs")

    def refuse(self, request: SignedRequest, signature: Signature) -> Denial | None:
        """Refuse one call."""
        is_refused = b"ListClusters" in request.body
        return Denial("AccessDenied", f"not for {signature.service}") if is_refused else None


AUTHORIZER = Keys()
AWAY = "10.77.64.9"


async def _application(scope: Any, receive: Any, send: Any) -> None:
    """Answer with what was asked, as MiniStack does: readable by any page."""
    asked = await receive() if scope["type"] == "http" else {}
    headers = [(b"Access-Control-Allow-Origin", b"*"), (b"access-control-max-age", b"9"), (b"x-kept", b"yes")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": asked.get("body", b"")})


def _guard() -> ApiGuard:
    return ApiGuard(_application, SETTINGS, AUTHORIZER)


def _ask(
    headers: Mapping[str, str],
    path: str = "/",
    body: bytes = b"",
    method: str = "POST",
    guard: ApiGuard | None = None,
) -> tuple[int, dict[str, str], str]:
    raw = [(name.encode(), value.encode()) for name, value in {"Host": HOST, **headers}.items()]
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": raw,
    }
    waiting: list[dict[str, Any]] = [
        {"type": "http.request", "body": body[:2], "more_body": True},
        {"type": "http.request", "body": body[2:]},
    ]
    sent = _through(scope, waiting, guard)
    named = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], named, sent[1]["body"].decode()


def _through(
    scope: dict[str, Any], waiting: list[dict[str, Any]], guard: ApiGuard | None = None
) -> list[dict[str, Any]]:
    """Return what the guard sends, from a thread of its own: the browser of other tests has a loop in this one."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, _sent(guard or _guard(), scope, waiting)).result()


async def _sent(guard: ApiGuard, scope: dict[str, Any], waiting: list[dict[str, Any]]) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    await guard(scope, receive, send)
    return sent


def _sign(
    headers: Mapping[str, str] | None = None, *, service: str = "ecs", body: bytes = b"", keys: tuple[str, str] = KEYS
) -> dict[str, str]:
    request: Any = AWSRequest("POST", f"http://{HOST}/", data=body, headers=headers or {})
    kind = S3SigV4Auth if service == "s3" else SigV4Auth
    kind(Credentials(*keys), service, "eu-central-1").add_auth(request)
    return {name: str(value) for name, value in request.headers.items()}


def test_a_signed_request_reaches_the_api_with_its_body() -> None:
    """Whole, although it arrived in pieces."""
    assert _ask(_sign(body=b"hello"), body=b"hello")[::2] == (200, "hello")


def test_who_does_not_reach_a_service_gets_no_answer() -> None:
    """Not even a refusal: on AWS the connection would time out. Another service answers."""
    for service, answers in (("ecs", 0), ("ssm", 2)):
        raw = [(name.encode(), value.encode()) for name, value in {"Host": HOST, **_sign(service=service)}.items()]
        scope = {"type": "http", "method": "POST", "path": "/", "headers": raw, "client": (AWAY, 40000)}
        waiting: list[dict[str, Any]] = [{"type": "http.request", "body": b""}, {"type": "http.disconnect"}]
        assert len(_through(scope, waiting)) == answers


@pytest.mark.parametrize(
    ("service", "headers", "status", "code"),
    [
        (
            "ecs",
            {**JSON, "X-Amz-Target": LIST},
            400,
            "AccessDeniedException",
        ),
        ("iam", FORM, 403, "AccessDenied"),
        ("ec2", FORM, 403, "UnauthorizedOperation"),
        ("s3", {}, 403, "AccessDenied"),
    ],
)
def test_a_call_that_is_not_allowed_is_refused(service: str, headers: dict[str, str], status: int, code: str) -> None:
    """With the code of the service."""
    body = b"ListClusters"
    answered, _, text = _ask(_sign(headers, service=service, body=body), body=body)
    assert (answered, code in text, f"not for {service}" in text) == (status, True, True)


def test_no_answer_can_be_read_by_a_page() -> None:
    """The fields that let any page read an answer are gone, all others stay."""
    assert _ask(_sign())[1] == {"x-kept": "yes"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
        {"Host": "evil.example:4566"},
        {"Host": "127.0.0.1:4567"},
        {"Host": "anything.localhost:4566"},
        {"Host": ""},
    ],
)
@pytest.mark.parametrize("path", ["/", "/_ministack/health", "/_ministack/reset"])
def test_a_foreign_page_is_refused(headers: dict[str, str], path: str) -> None:
    """Even with a right signature, which it cannot know, and on every path; the refusal cannot be read either."""
    for method in ("POST", "GET", "OPTIONS"):
        status, named, _ = _ask({**_sign(), **headers}, path, method=method)
        assert status == 403
        assert not any(name.startswith("access-control") for name in named)


@pytest.mark.parametrize("host", ["127.0.0.1:4566", "localhost:4566", "10.77.0.1:4566"])
def test_programs_and_containers_reach_the_health(host: str) -> None:
    """Under each name that the emulator has; without a signature, for it is asked before anything else."""
    assert _ask({"Host": host}, "/_ministack/health", method="GET")[0] == 200


@pytest.mark.parametrize("path", ["/", "/_ministack/reset", "/_ministack/config", "/v4/token", "/_ministack/health"])
def test_an_unsigned_request_is_refused(path: str) -> None:
    """Everything that changes or tells something wants a signature."""
    status, named, body = _ask({}, path)
    assert (status, named["x-amzn-errortype"]) == (403, "MissingAuthenticationToken")
    assert "Request is missing Authentication Token" in body


@pytest.mark.parametrize(
    ("service", "headers", "says"),
    [
        ("ecs", JSON, '"__type": "SignatureDoesNotMatch"'),
        ("cloudformation", FORM, "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code>"),
        ("ec2", FORM, "<Response><Errors><Error><Code>SignatureDoesNotMatch</Code>"),
        ("s3", {}, "<Error><Code>SignatureDoesNotMatch</Code>"),
    ],
)
def test_a_wrong_secret_is_refused_in_the_protocol_of_the_service(
    service: str, headers: dict[str, str], says: str
) -> None:
    """So that every client of AWS finds the code."""
    status, _, body = _ask(_sign(headers, service=service, keys=("123456789012", "rehearsal")))
    assert status == 403
    assert says in body


@pytest.mark.parametrize(("service", "code"), [("ecs", "InvalidClientTokenId"), ("s3", "InvalidAccessKeyId")])
def test_an_unknown_access_key_is_refused(service: str, code: str) -> None:
    """Another account does not exist here."""
    status, _, body = _ask(_sign(service=service, keys=("999999999999", "of-this-session")))
    assert status == 403
    assert code in body


def test_a_websocket_is_closed() -> None:
    """A page may open one to any address."""
    assert _through({"type": "websocket", "headers": []}, []) == [{"type": "websocket.close"}]


def test_the_life_of_the_server_is_the_applications() -> None:
    """Start and end have no request to check."""
    assert _through({"type": "lifespan"}, [])[0]["status"] == 200


def test_a_call_too_many_is_throttled() -> None:
    """In the words of the service's protocol, once; the next call is accepted."""
    guard, headers = _guard(), _sign({**JSON, "X-Amz-Target": RUN})
    answers = [_ask(headers, guard=guard) for _ in range(MOST + 1)]
    (refused,) = [answer for answer in answers if answer[0] != 200]
    assert (refused[0], json.loads(refused[2])["__type"]) == (400, "ThrottlingException")
