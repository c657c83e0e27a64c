"""The promises of alb_auth.py, kept by an authenticating load balancer in front of a web server that echoes headers."""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from rehearsal.clients.oidc_browser import OidcBrowser
from rehearsal.clients.oidc_provider import Identity, Provider
from rehearsal.host.errors import RehearsalFailure
from rehearsal.images.emulator_image import identity_environment
from tests.rehearsal.yard import CACHE, WEB, Yard, running_yard

pytestmark = pytest.mark.rehearsal

ISSUER = "https://login.example.org/realm"
SITE = "https://site.example.org"
CALLBACK = f"{SITE}/oauth2/idpresponse"
COOKIE = "session"
FORGED = {"X-Amzn-Oidc-Identity": "boss", "x-amzn-oidc-data": "made-up", "X-AMZN-OIDC-ACCESSTOKEN": "made-up"}
CLAIMS = {"claims": {"sub": "boss"}, "access_token": "made-up", "exp": 4_000_000_000}


@dataclass(frozen=True)
class Gated:
    """A site behind a gate, and where its people log in."""

    yard: Yard
    provider: Provider

    def person(self) -> OidcBrowser:
        """Somebody without a session."""
        return OidcBrowser(self.provider.internet, SITE)

    def is_open(self) -> bool:
        """Whether the emulator has followed, and the site answers under its name."""
        try:
            return bool(self.person().send("GET", SITE).status_code)
        except RehearsalFailure:
            return False

    def come_in(self, subject: str) -> OidcBrowser:
        """Somebody who has logged in at the gate."""
        self.provider.know(subject, email=f"{subject}@example.com")
        person = self.person()
        person.consent(person.open("/"), subject)
        return person


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gated]:
    """A listener with TLS whose only rule asks the identity provider before it forwards."""
    identity = Identity(identity_environment(CACHE), ISSUER)
    with running_yard(tmp_path_factory.mktemp("gates") / "emulator", identity) as yard:
        yard.run("python", "-c", f"open('/opt/shelf/web.py', 'w').write({WEB!r})")
        assert yard.change("UPDATE", Count="1") == "UPDATE_COMPLETE"
        provider = Provider(yard.emulator.internet, ISSUER)
        _raise_gate(yard, *provider.register(CALLBACK))
        site = Gated(yard, provider)
        yard.until(site.is_open)
        yield site


def _raise_gate(yard: Yard, client: str, secret: str) -> None:
    elbv2 = yard.client("elbv2")
    balancer = elbv2.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
    own = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-90ab-cdef-1234-567890abcdef"
    listener = elbv2.create_listener(
        LoadBalancerArn=balancer,
        Protocol="HTTPS",
        Port=443,
        Certificates=[{"CertificateArn": own}],
        DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
    )["Listeners"][0]["ListenerArn"]
    gate = {
        "Issuer": ISSUER,
        "AuthorizationEndpoint": f"{ISSUER}/oauth2/authorize",
        "TokenEndpoint": f"{ISSUER}/oauth2/token",
        "UserInfoEndpoint": f"{ISSUER}/userinfo",
        "ClientId": client,
        "ClientSecret": secret,
        "Scope": "openid email",
        "SessionCookieName": COOKIE,
    }
    elbv2.create_rule(
        ListenerArn=listener,
        Priority=1,
        Conditions=[{"Field": "host-header", "HostHeaderConfig": {"Values": ["site.example.org"]}}],
        Actions=[
            {"Type": "authenticate-oidc", "Order": 1, "AuthenticateOidcConfig": gate},
            {"Type": "forward", "Order": 2, "TargetGroupArn": yard.outputs["TargetGroup"]},
        ],
    )


def _cookie(session: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(session).encode()).decode().rstrip("=")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/health", "/api/v2/dags", "/oauth2/../health", "//health", "/%6f"])
def test_without_a_session_everything_leads_to_the_provider(site: Gated, method: str, path: str) -> None:
    """Whatever is asked for, and whatever the headers claim, nothing of the target is heard."""
    answer = site.person().send(method, SITE + path, headers=FORGED)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{ISSUER}/oauth2/authorize?")
    assert answer.content == b""


@pytest.mark.parametrize("made_up", ["", "x", _cookie(CLAIMS), f'"{_cookie(CLAIMS)}"'])
def test_a_session_cannot_be_made_up(site: Gated, made_up: str) -> None:
    """Only what the gate itself gave out counts, not what looks like it."""
    person = site.person()
    assert person.send("GET", SITE, headers={"Cookie": f"{COOKIE}-0={made_up}"}).status_code == 302
    assert person.send("GET", SITE, headers={"Cookie": f"{COOKIE}={made_up}"}).status_code == 302


def test_the_target_hears_from_the_gate_who_comes(site: Gated) -> None:
    """And not from the one who comes: what they claim in the same header fields stays behind."""
    heard = site.come_in("ada").send("GET", SITE, headers=FORGED).text.lower()
    assert "'x-amzn-oidc-identity': 'ada'" in heard
    assert "'x-amzn-oidc-data': 'ey" in heard
    assert "boss" not in heard
    assert "made-up" not in heard


def test_a_callback_counts_once(site: Gated) -> None:
    """Neither the address with which somebody was sent back, nor one of another's making, lets a second one in."""
    site.provider.know("eve", email="eve@example.com")
    person = site.person()
    back = person.follow("POST", person.open("/").url, data={"sub": "eve"}, until=CALLBACK).url
    assert person.open(back).status == 200
    for url in (back, f"{CALLBACK}?code=x&state=y", f"{CALLBACK}?code=x", CALLBACK):
        thief = site.person()
        answer = thief.send("GET", url)
        assert answer.status_code == 401
        assert not thief.browser.cookies


def test_a_code_that_the_provider_does_not_know(site: Gated) -> None:
    """The login fails, with the status that AWS gives."""
    site.provider.know("eve", email="eve@example.com")
    person = site.person()
    back = person.follow("POST", person.open("/").url, data={"sub": "eve"}, until=CALLBACK).url
    code = back.partition("code=")[2].partition("&")[0]
    assert person.send("GET", back.replace(code, "another")).status_code == 561
    assert person.send("GET", SITE).status_code == 302
