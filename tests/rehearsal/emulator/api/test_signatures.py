"""The promises of rehearsal/emulator/api/signatures.py; the signer of botocore is the authority."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from rehearsal.emulator.api import signatures
from rehearsal.emulator.api.signatures import MISMATCH, NOT_CURRENT, OTHER_BODY, check
from rehearsal.emulator.api.signed_request import Denial, Signature, SignedRequest, read

ACCESS_KEY, SECRET_KEY = "123456789012", "of-this-session"
HOST = "127.0.0.1:4566"
PATHS = (
    "/",
    "/bucket/a%20key/with%2Fslash//and%2B?list-type=2&prefix=a%2Fb&empty=&acl",
    "/2015-02-01/access-points/arn%3Aaws%3Aefs?x=1&x=2",
    "/a/../b/./c/",
)


def _signed(signer: Any, url: str = "/", body: bytes = b"", **headers: str) -> SignedRequest:
    request: Any = AWSRequest("POST", f"http://{HOST}{url}", data=body, headers=headers)
    signer.add_auth(request)
    target = urlsplit(request.url)
    sent = {name.lower(): str(value) for name, value in request.headers.items()} | {"host": HOST}
    return SignedRequest(method="POST", path=target.path, query=target.query, headers=sent, body=body)


def _signer(kind: type[SigV4Auth], service: str, **options: Any) -> SigV4Auth:
    return kind(Credentials(ACCESS_KEY, SECRET_KEY, "token"), service, "eu-central-1", **options)


def _checked(request: SignedRequest, secret: str = SECRET_KEY, later: timedelta = timedelta()) -> Denial | None:
    signature = read(request)
    assert isinstance(signature, Signature)
    return check(request, signature, secret, datetime.now(UTC) + later)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("kind", "service"), [(SigV4Auth, "ecs"), (S3SigV4Auth, "s3")])
def test_a_signature_of_botocore_holds(kind: type[SigV4Auth], service: str, path: str) -> None:
    """With any path and query, and only with the right secret key."""
    request = _signed(
        _signer(kind, service), path, b'{"a": 1}', **{"Content-Type": " application/json;  charset=utf-8"}
    )
    assert _checked(request) is None
    assert _checked(request, "another") == MISMATCH


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("kind", "service"), [(SigV4QueryAuth, "rds"), (S3SigV4QueryAuth, "s3")])
def test_a_presigned_address_of_botocore_holds(kind: type[SigV4Auth], service: str, path: str) -> None:
    """Until it expires."""
    request = _signed(_signer(kind, service, expires=60), path.replace("x=1&x=2", "x=1"))
    assert _checked(request) is None
    assert _checked(request, "another") == MISMATCH
    assert _checked(request, later=timedelta(seconds=61)) == NOT_CURRENT


@pytest.mark.parametrize(
    "changed",
    [
        {"method": "DELETE"},
        {"path": "/other"},
        {"query": "Action=DeleteStack"},
        {"body": b"other"},
    ],
)
def test_a_changed_request_is_refused(changed: Mapping[str, Any]) -> None:
    """The signature covers method, path, query and body."""
    request = _signed(_signer(SigV4Auth, "ecs"), "/path?Action=ListStacks", b"body")
    assert _checked(replace(request, **changed)) == MISMATCH


def test_a_body_that_is_not_the_signed_one_is_refused() -> None:
    """S3's clients sign the hash of the body: the body itself has to have it."""
    request = _signed(_signer(S3SigV4Auth, "s3"), "/bucket/key", b"body")
    assert _checked(replace(request, body=b"other")) == OTHER_BODY


@pytest.mark.parametrize("later", [timedelta(minutes=16), timedelta(minutes=-16)])
def test_a_signature_holds_for_a_quarter_of_an_hour(later: timedelta) -> None:
    """An old request cannot be sent again."""
    request = _signed(_signer(SigV4Auth, "ecs"))
    assert _checked(request, later=later) == NOT_CURRENT
    assert _checked(request, later=later * 0.9) is None


def test_a_signature_holds_by_either_of_two_clocks() -> None:
    """Containers may keep another time than who deploys."""
    request, now = _signed(_signer(SigV4Auth, "ecs")), datetime.now(UTC)
    signature = read(request)
    assert isinstance(signature, Signature)
    assert check(request, signature, SECRET_KEY, now + timedelta(days=1), now) is None
    assert check(request, signature, SECRET_KEY, now + timedelta(days=1), now + timedelta(days=2)) == NOT_CURRENT


@pytest.mark.parametrize("hashed", signatures.UNSIGNED_BODIES)
def test_an_unsigned_body_may_be_anything(hashed: str) -> None:
    """A client of S3 may leave the body out of its signature, but not the request."""
    signer: Any = _signer(S3SigV4Auth, "s3")
    signer.payload = lambda _: hashed
    request = replace(_signed(signer, "/bucket/key", b"body"), body=b"4\r\nbody\r\n0\r\n\r\n")
    assert _checked(request) is None
    assert _checked(request, "another") == MISMATCH


@pytest.mark.parametrize("streaming", signatures.SIGNED_CHUNKS)
def test_signed_chunks_are_checked_one_by_one(streaming: str) -> None:
    """Each chunk's signature covers the one before it; a missing end is a change too."""
    signer: Any = _signer(S3SigV4Auth, "s3")
    signer.payload = lambda _: streaming
    request = _signed(signer, "/bucket/key")
    body = _chunks(request, b"first", b"second", b"")
    assert _checked(replace(request, body=body)) is None
    for other in (body.replace(b"first", b"fir5t"), body[: body.rindex(b"\r\n0;")], b"", b"zz\r\n", body[30:]):
        assert _checked(replace(request, body=other)) == MISMATCH


def _chunks(request: SignedRequest, *chunks: bytes) -> bytes:
    """Return a body of signed chunks (S3 API reference, "Transferring payload in multiple chunks")."""
    date, scope = request.headers["x-amz-date"], f"{request.headers['x-amz-date'][:8]}/eu-central-1/s3/aws4_request"
    key = f"AWS4{SECRET_KEY}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), "sha256").digest()
    before, body = request.headers["authorization"].rpartition("=")[2], b""
    for chunk in chunks:
        hashes = f"{hashlib.sha256(b'').hexdigest()}\n{hashlib.sha256(chunk).hexdigest()}"
        text = f"AWS4-HMAC-SHA256-PAYLOAD\n{date}\n{scope}\n{before}\n{hashes}"
        before = hmac.new(key, text.encode(), "sha256").hexdigest()
        body += b"%x;chunk-signature=%s\r\n%s\r\n" % (len(chunk), before.encode(), chunk)
    return body
