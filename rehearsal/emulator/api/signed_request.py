"""What a request says about its signature: in its Authorization header, or in the query of a presigned address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import parse_qs

ALGORITHM = "AWS4-HMAC-SHA256"
SIGNATURE_PARAMETER = "X-Amz-Signature"
SCOPE_PARTS = 5
"""Access key, date, region, service, and a constant."""
LONGEST_LIFETIME = timedelta(days=7)
"""Of a presigned address. Source: "Authenticating Requests: Using Query Parameters", Amazon S3 API Reference."""


@dataclass(frozen=True, kw_only=True)
class SignedRequest:
    """A request as it arrived; the names of its headers are in lower case."""

    method: str
    path: str
    """Encoded as the client sent it, like the query."""
    query: str
    headers: Mapping[str, str]
    body: bytes = b""
    address: str = ""
    """Whom it comes from."""


@dataclass(frozen=True)
class Denial:
    """The error code and the message of a refused request."""

    code: str
    message: str


UNSIGNED = Denial("MissingAuthenticationToken", "Request is missing Authentication Token")
INCOMPLETE = Denial("IncompleteSignature", "The request signature does not conform to AWS standards.")


@dataclass(frozen=True, kw_only=True)
class Signature:
    """The signature of a request, and what it covers."""

    access_key: str
    date: str
    region: str
    service: str
    headers: tuple[str, ...]
    """The names of the headers that it covers."""
    value: str
    timestamp: str
    lifetime: timedelta | None = None
    """How long a presigned address is valid; None for a signature in a header."""
    token: str = ""
    """The session token that goes with a temporary access key."""

    @property
    def scope(self) -> str:
        """The scope of the credential, without the access key."""
        return f"{self.date}/{self.region}/{self.service}/aws4_request"


def read(request: SignedRequest) -> Signature | Denial:
    """Return the signature of a request, or why it has none that can be checked."""
    parsed = parse_qs(request.query, keep_blank_values=True)
    query = {name: values[0] for name, values in parsed.items()}
    if authorization := request.headers.get("authorization"):
        algorithm, _, rest = authorization.partition(" ")
        parts = dict(part.strip().partition("=")[::2] for part in rest.split(","))
        read_header = _signature(algorithm, parts, request.headers.get("x-amz-date", ""), None)
        return _with_token(read_header, request.headers.get("x-amz-security-token", ""))
    if SIGNATURE_PARAMETER not in query:
        return UNSIGNED
    parts = {name: query.get(f"X-Amz-{name}", "") for name in ("Credential", "SignedHeaders", "Signature")}
    read_query = _signature(query.get("X-Amz-Algorithm", ""), parts, query.get("X-Amz-Date", ""), _lifetime(query))
    return _with_token(read_query, query.get("X-Amz-Security-Token", ""))


def _with_token(signature: Signature | Denial, token: str) -> Signature | Denial:
    return signature if isinstance(signature, Denial) else replace(signature, token=token)


def _lifetime(query: Mapping[str, str]) -> timedelta:
    expires = query.get("X-Amz-Expires", "")
    seconds = int(expires) if expires.isascii() and expires.isdigit() and len(expires) < len("1000000") else 0
    return min(timedelta(seconds=seconds), LONGEST_LIFETIME)


def _signature(
    algorithm: str, parts: Mapping[str, str], timestamp: str, lifetime: timedelta | None
) -> Signature | Denial:
    scope = parts.get("Credential", "").split("/")
    headers = tuple(parts.get("SignedHeaders", "").split(";"))
    if algorithm != ALGORITHM or len(scope) != SCOPE_PARTS or "host" not in headers:
        return INCOMPLETE
    access_key, date, region, service, _ = scope
    return Signature(
        access_key=access_key,
        date=date,
        region=region,
        service=service,
        headers=headers,
        value=parts.get("Signature", ""),
        timestamp=timestamp,
        lifetime=lifetime,
    )
