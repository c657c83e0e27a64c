"""A domain and single sign-on set variables of the containers."""

from compiler.airflow.site import site_options
from compiler.contract import client_secret_name, site_url
from spec.environment import Environment
from tests.spec.minimal import SITE, minimal

AUTH = "auth: {kind: google, allowed_domains: [example.com, example.org], admins: [me@example.com]"


def google(more: str = "", *, version: str = "2.5.3", python: str = "3.10") -> Environment:
    """Return an environment in which people log in with Google, on the given release."""
    return minimal(
        'version: 2.5.3, python: "3.10"', f'version: {version}, python: "{python}"', more=f"{SITE}{AUTH}{more}}}\n"
    )


def test_a_site_without_a_domain_has_no_base_url() -> None:
    """No variable is set that needs TLS, and no secret is named."""
    assert (site_url(minimal()), site_options(minimal())) == (None, {})
    assert client_secret_name(minimal()) is None


def test_cookies_are_secure_with_tls() -> None:
    """Also for logins with passwords; with single sign-on programs have a password for the REST API."""
    assert site_options(minimal(more=SITE)) == {
        "webserver": {"base_url": "https://airflow.example.com", "cookie_secure": True, "cookie_samesite": "Lax"}
    }
    assert "basic_auth" in str(site_options(google())["api"])
