"""The promises of rehearsal/emulator/api/signed_request.py."""

from datetime import timedelta

import pytest

from rehearsal.emulator.api.signed_request import (
    INCOMPLETE,
    LONGEST_LIFETIME,
    UNSIGNED,
    Signature,
    SignedRequest,
    read,
)

CREDENTIAL = "123456789012/20261128/eu-central-1/ecs/aws4_request"
HEADER = f"AWS4-HMAC-SHA256 Credential={CREDENTIAL}, SignedHeaders=host;x-amz-date, Signature=abc"
QUERY = (
    f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={CREDENTIAL.replace('/', '%2F')}&X-Amz-Date=20261128T120000Z"
    "&X-Amz-SignedHeaders=host&X-Amz-Signature=abc"
)


def _request(query: str = "", **headers: str) -> SignedRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return SignedRequest(method="GET", path="/", query=query, headers=named)


def test_a_signature_in_the_header_is_read() -> None:
    """Its access key, scope, headers and time, and no lifetime."""
    signature = read(_request(authorization=HEADER, x_amz_date="20261128T120000Z"))
    assert isinstance(signature, Signature)
    assert (signature.access_key, signature.value, signature.lifetime) == ("123456789012", "abc", None)
    assert signature.scope == "20261128/eu-central-1/ecs/aws4_request"
    assert (signature.headers, signature.timestamp) == (("host", "x-amz-date"), "20261128T120000Z")


@pytest.mark.parametrize(
    ("expires", "lifetime"),
    [
        ("60", timedelta(minutes=1)),
        ("", timedelta()),
        ("soon", timedelta()),
        ("604801", LONGEST_LIFETIME),
        ("9" * 5000, timedelta()),
    ],
)
def test_a_presigned_address_has_a_lifetime(expires: str, lifetime: timedelta) -> None:
    """Without a number in Amazon's bounds it has expired."""
    signature = read(_request(f"{QUERY}&X-Amz-Expires={expires}"))
    assert isinstance(signature, Signature)
    assert (signature.access_key, signature.lifetime) == ("123456789012", lifetime)


def test_a_request_without_a_signature_is_named_unsigned() -> None:
    """As AWS does, before it asks anything else."""
    assert read(_request("Action=ListStacks")) == UNSIGNED


@pytest.mark.parametrize(
    "authorization",
    [
        "Basic YWJj",
        "AWS 123456789012:abc",
        HEADER.replace("/aws4_request", ""),
        HEADER.replace("host;", ""),
        "AWS4-HMAC-SHA256",
    ],
)
def test_other_authorization_is_incomplete(authorization: str) -> None:
    """Older signatures, scopes with a missing part, and signatures that leave out the Host."""
    assert read(_request(authorization=authorization)) == INCOMPLETE
