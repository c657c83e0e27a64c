"""Checks requests as AWS does: each is signed with the secret key of this session (Signature Version 4).

Source: "AWS Signature Version 4 for API requests", AWS Identity and Access Management User Guide; "Signature
Calculations for the Authorization Header", Amazon S3 API Reference; codes: "Common Errors" of the API references.
"""

import hashlib
import hmac
import posixpath
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from rehearsal.emulator.api.signed_request import (
    ALGORITHM,
    SIGNATURE_PARAMETER,
    Denial,
    Signature,
    SignedRequest,
)

TIMESTAMP = "%Y%m%dT%H%M%SZ"
CLOCK_SKEW = timedelta(minutes=15)
BODY_HASH = "x-amz-content-sha256"
UNSIGNED_BODIES = ("UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
SIGNED_CHUNKS = ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER")
NOTHING = hashlib.sha256(b"").hexdigest()

UNKNOWN_KEY = Denial("InvalidClientTokenId", "The security token included in the request is invalid.")
NOT_CURRENT = Denial("SignatureDoesNotMatch", "Signature expired or not yet current: check the clock of this machine.")
OTHER_BODY = Denial(
    "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed."
)
MISMATCH = Denial(
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
)


def check(request: SignedRequest, signature: Signature, secret_key: str, *clocks: datetime) -> Denial | None:
    """Return why the signature of a request holds by none of some clocks, or None when it does by one."""
    if not any(_is_current(signature, now) for now in clocks):
        return NOT_CURRENT
    key = b"AWS4" + secret_key.encode()
    for part in signature.scope.split("/"):
        key = _hmac(key, part)
    canonical = hashlib.sha256(canonical_request(request, signature).encode()).hexdigest()
    computed = _sign(key, ALGORITHM, signature, canonical)
    if not _is_equal(computed, signature.value):
        return MISMATCH
    claimed = request.headers.get(BODY_HASH, "")
    if signature.lifetime is not None or not claimed or claimed in UNSIGNED_BODIES:
        return None
    if claimed in SIGNED_CHUNKS:
        return None if _chunks_match(request.body, key, signature) else MISMATCH
    return None if claimed == hashlib.sha256(request.body).hexdigest() else OTHER_BODY


def canonical_request(request: SignedRequest, signature: Signature) -> str:
    """Return what is signed of a request; S3 takes its path as it was sent, all other services encode it once more."""
    is_s3 = signature.service == "s3"
    path = request.path if is_s3 else quote(_normalized(request.path), safe="/~")
    pairs = [one.partition("=")[::2] for one in request.query.split("&") if one]
    query = "&".join(f"{name}={value}" for name, value in sorted(pairs) if name != SIGNATURE_PARAMETER)
    headers = [f"{name}:{' '.join(request.headers.get(name, '').split())}" for name in signature.headers]
    if is_s3 and signature.lifetime is not None:
        body = UNSIGNED_BODIES[0]
    else:
        body = request.headers.get(BODY_HASH) or hashlib.sha256(request.body).hexdigest()
    return "\n".join([request.method, path, query, *headers, "", ";".join(signature.headers), body])


def _is_current(signature: Signature, now: datetime) -> bool:
    try:
        signed = datetime.strptime(signature.timestamp, TIMESTAMP).replace(tzinfo=UTC)
    except ValueError:
        return False
    latest = signed + (CLOCK_SKEW if signature.lifetime is None else signature.lifetime)
    return signature.timestamp.startswith(signature.date) and signed - CLOCK_SKEW <= now <= latest


def _normalized(path: str) -> str:
    """Return a path without dot segments and double slashes; a slash at its end stays."""
    normal = "/" + posixpath.normpath(path).lstrip("/")
    return f"{normal}/" if path.endswith("/") and normal != "/" else normal


def _chunks_match(body: bytes, key: bytes, signature: Signature) -> bool:
    """Return whether each chunk of a body is signed, in a chain that begins with the signature of the request."""
    before, rest = signature.value, body
    while rest:
        head, _, rest = rest.partition(b"\r\n")
        size, _, claimed = head.decode("latin-1").partition(";chunk-signature=")
        try:
            length = int(size, 16)
        except ValueError:
            return False
        chunk = hashlib.sha256(rest[:length]).hexdigest()
        before = _sign(key, f"{ALGORITHM}-PAYLOAD", signature, f"{before}\n{NOTHING}\n{chunk}")
        if not _is_equal(before, claimed):
            return False
        if not length:
            return True
        rest = rest[length + len(b"\r\n") :]
    return False


def _sign(key: bytes, algorithm: str, signature: Signature, hashed: str) -> str:
    return _hmac(key, f"{algorithm}\n{signature.timestamp}\n{signature.scope}\n{hashed}").hex()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _is_equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
