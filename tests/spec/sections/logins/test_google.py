"""A login with Google needs a domain of the e-mail addresses, and nothing else."""

from spec.sections.logins.google import Google
from tests.spec.minimal import GOOGLE, minimal


def test_a_domain_is_enough() -> None:
    """A domain is enough: users are viewers, programs operators."""
    auth = minimal(more=GOOGLE).auth
    assert isinstance(auth, Google)
    assert (auth.client, auth.default_role, auth.admins, auth.first_user.role) == ("oauth", "Viewer", (), "Op")
    assert (auth.first_user.first_name, auth.first_user.last_name) == ("REST", "API")


def test_the_whole_internet_may_see_a_login_with_google() -> None:
    """With TLS and an identity provider, 0.0.0.0/0 is valid."""
    assert minimal("203.0.113.0/24", "0.0.0.0/0", more=GOOGLE).network.allowed_cidrs == ("0.0.0.0/0",)
