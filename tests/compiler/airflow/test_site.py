"""What a domain and a login elsewhere mean for the containers."""

import json

from compiler.airflow.site import (
    client_secret_name,
    gate_address,
    gate_redirect_uri,
    login_variables,
    redirect_uri,
    site_options,
    site_url,
)
from spec.environment import Environment
from tests.spec.sound import SITE, bent

AUTH = "auth: {kind: google, allowed_domains: [example.com, example.org], admins: [me@example.com]"


def _google(more: str = "", *, version: str = "2.5.3", python: str = "3.10") -> Environment:
    return bent(
        'version: 2.5.3, python: "3.10"', f'version: {version}, python: "{python}"', more=f"{SITE}{AUTH}{more}}}\n"
    )


def test_the_redirect_uri_is_that_of_the_release() -> None:
    """Airflow 3 has the pages of Flask-AppBuilder below a prefix."""
    assert redirect_uri(_google()) == "https://airflow.example.com/oauth-authorized/google"
    later = _google(version="3.3.2", python="3.12")
    assert redirect_uri(later) == "https://airflow.example.com/auth/oauth-authorized/google"
    assert gate_redirect_uri(later) == "https://airflow.example.com/oauth2/idpresponse"


def test_the_gate_sends_people_to_the_provider() -> None:
    """Where there is a gate, and nowhere else."""
    gated = SITE.replace("}", ", load_balancer_auth: true}")
    assert gate_address(bent(more=f"{gated}{AUTH}}}\n")) == "https://accounts.google.com/o/oauth2/v2/auth"
    assert (gate_address(_google()), gate_address(bent())) == ("", "")


def test_a_site_without_a_domain_has_no_address() -> None:
    """Nothing is set that only TLS makes true, and no secret is named."""
    assert (site_url(bent()), site_options(bent()), login_variables(bent())) == (None, {}, {})
    assert client_secret_name(bent()) is None


def test_cookies_are_secure_with_tls() -> None:
    """Cookies go over TLS only, also where people have passwords; programs are let in where people log in elsewhere."""
    assert site_options(bent(more=SITE)) == {
        "webserver": {"base_url": "https://airflow.example.com", "cookie_secure": True, "cookie_samesite": "Lax"}
    }
    assert "basic_auth" in str(site_options(_google())["api"])


def test_the_login_arrives_as_variables() -> None:
    """Everything but the client, which is a secret."""
    told = login_variables(_google(", roles: {claim: groups, map: {ops: Op}}"))
    assert told["WINDSOCK_AUTH_ALLOWED_DOMAINS"] == "example.com,example.org"
    assert told["WINDSOCK_AUTH_ADMINS"] == "me@example.com"
    assert json.loads(told["WINDSOCK_AUTH_ROLES_MAP"]) == {"ops": "Op"}
    assert told["WINDSOCK_AUTH_ROLES_SYNC"] == "True"
    assert told["WINDSOCK_AUTH_MACHINE"] == "machine"
    assert not [key for key in told if "CLIENT" in key]
    assert client_secret_name(_google()) == "demo/oauth"
