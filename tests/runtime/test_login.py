"""Tests of who may come in with an account of an identity provider, inside every Airflow release."""

import json

import pytest

from tests.runtime.conftest import Home

JUDGES = """
import json
from windsock_runtime import login
good = {"iss": login.ISSUER, "aud": ["me"], "email": "Ann@Example.com", "email_verified": True}
def judge(**changes):
    try:
        return login._checked({**good, **changes}, "me")
    except login.RefusedError as refused:
        return str(refused)
print(json.dumps([judge(), judge(aud="another"), judge(iss="https://elsewhere"), judge(email="ann@example.com.invalid"),
    judge(email=""), judge(email_verified=False), judge(email_verified=None)]))
"""
SETTINGS = {
    "WINDSOCK_AUTH_KIND": "google",
    "WINDSOCK_AUTH_ISSUER": "https://accounts.google.com",
    "WINDSOCK_AUTH_ALLOWED_DOMAINS": "example.com",
}

pytestmark = pytest.mark.airflow


def test_only_verified_addresses_of_the_allowed_domains_come_in(home: Home) -> None:
    """Everybody else is told why; an answer for another client opens nothing."""
    good, *refused = json.loads(home.run(JUDGES, SETTINGS)[-1])
    assert good == "ann@example.com"
    strangers = "The identity provider's answer was meant for somebody else."
    unverified = "The identity provider has not verified that ann@example.com is yours."
    assert refused == [
        strangers,
        strangers,
        "ann@example.com.invalid is not of example.com.",
        "An account without an address is not of example.com.",
        unverified,
        unverified,
    ]
