"""What a domain and a login elsewhere mean for the containers."""

import json

from compiler.airflow.site import login_variables, site_options
from compiler.contract import client_secret_name, site_url
from spec.environment import Environment
from tests.spec.sound import SITE, bent

AUTH = "auth: {kind: google, allowed_domains: [example.com, example.org], admins: [me@example.com]"


def google(more: str = "", *, version: str = "2.5.3", python: str = "3.10") -> Environment:
    """Return an environment in which people log in with Google, on the given release."""
    return bent(
        'version: 2.5.3, python: "3.10"', f'version: {version}, python: "{python}"', more=f"{SITE}{AUTH}{more}}}\n"
    )


def test_a_site_without_a_domain_has_no_address() -> None:
    """Nothing is set that only TLS makes true, and no secret is named."""
    assert (site_url(bent()), site_options(bent()), login_variables(bent())) == (None, {}, {})
    assert client_secret_name(bent()) is None


def test_cookies_are_secure_with_tls() -> None:
    """Cookies go over TLS only, also where people have passwords; programs are let in where people log in elsewhere."""
    assert site_options(bent(more=SITE)) == {
        "webserver": {"base_url": "https://airflow.example.com", "cookie_secure": True, "cookie_samesite": "Lax"}
    }
    assert "basic_auth" in str(site_options(google())["api"])


def test_the_login_arrives_as_variables() -> None:
    """Everything but the client, which is a secret."""
    told = login_variables(google(", roles: {claim: groups, map: {ops: Op}}"))
    assert told["WINDSOCK_AUTH_ALLOWED_DOMAINS"] == "example.com,example.org"
    assert told["WINDSOCK_AUTH_ADMINS"] == "me@example.com"
    assert json.loads(told["WINDSOCK_AUTH_ROLES_MAP"]) == {"ops": "Op"}
    assert told["WINDSOCK_AUTH_ROLES_SYNC"] == "True"
    assert told["WINDSOCK_AUTH_MACHINE"] == "machine"
    assert not [key for key in told if "CLIENT" in key]
    assert client_secret_name(google()) == "demo/oauth"
