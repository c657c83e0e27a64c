"""A login with an OpenID Connect provider needs the address of its issuer."""

from collections.abc import Mapping

import pytest

from spec.sections.logins.oidc import Oidc
from tests.spec.minimal import SITE, minimal


@pytest.mark.parametrize("issuer", ["https://login.example.org", "https://tenant.example.org/", "https://a.b/c/d/"])
def test_an_issuer_is_taken_unchanged(issuer: str) -> None:
    """Some have a slash at the end, and their tokens have it too."""
    auth = minimal(more=SITE + f"auth: {{kind: oidc, allowed_domains: [example.com], issuer: {issuer}}}\n").auth
    assert isinstance(auth, Oidc)
    assert auth.issuer == issuer


def test_any_issuer_is_taken_with_roles_by_group() -> None:
    """Any issuer goes, with roles by group."""
    more = "issuer: https://login.example.org/realms/a, roles: {claim: groups, map: {ops: Op}}"
    auth = minimal(more=SITE + f"auth: {{kind: oidc, allowed_domains: [example.com], {more}}}\n").auth
    assert isinstance(auth, Oidc)
    assert auth.roles is not None
    assert (auth.issuer, auth.roles.map, auth.roles.sync) == ("https://login.example.org/realms/a", {"ops": "Op"}, True)


def test_only_named_exceptions_to_what_is_believed_are_settings() -> None:
    """By default the claim email counts, and only with a word that it is verified."""
    keys = "kind: oidc, allowed_domains: [example.com], issuer: https://login.example.org"
    assert _trust(keys) == {}
    exceptions = {"EMAIL_CLAIM": "upn", "ASSUME_EMAIL_VERIFIED": "True"}
    assert _trust(f"{keys}, email_claim: upn, assume_email_verified: true") == exceptions


def _trust(keys: str) -> Mapping[str, str]:
    auth = minimal(more=f"{SITE}auth: {{{keys}}}\n").auth
    assert isinstance(auth, Oidc)
    return auth.trust
