"""A login with passwords stays behind an allow-list, and needs no client."""

import pytest

from tests.spec.minimal import SITE, minimal, refused


@pytest.mark.parametrize("more", ["", SITE])
def test_passwords_are_refused_to_the_whole_internet(more: str) -> None:
    """With TLS or without, a login with passwords stays behind an allow-list."""
    assert refused("203.0.113.0/24", "0.0.0.0/0", more=more).path == "network.allowed_cidrs[0]"


def test_a_password_needs_no_client() -> None:
    """It needs no OAuth client and has no notices."""
    auth = minimal().auth
    assert (auth.federated, auth.oauth_client, auth.notices) == (False, None, ())
