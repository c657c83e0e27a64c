"""A login with an OpenID Connect provider needs the address of its issuer."""

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
