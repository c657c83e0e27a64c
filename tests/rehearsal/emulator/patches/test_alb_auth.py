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
class AuthenticatedSite:
    """A site behind an authenticating load balancer, and its identity provider."""

    yard: Yard
    provider: Provider

    def browser(self) -> OidcBrowser:
        """Open a browser without a session."""
        return OidcBrowser(self.provider.internet, SITE)

    def is_open(self) -> bool:
        """Whether the emulator has followed, and the site answers under its name."""
        try:
            return bool(self.browser().send("GET", SITE).status_code)
        except RehearsalFailure:
            return False

    def log_in(self, subject: str) -> OidcBrowser:
        """Return a browser that has logged in."""
        self.provider.add_user(subject, email=f"{subject}@example.com")
        browser = self.browser()
        browser.consent(browser.open("/"), subject)
        return browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AuthenticatedSite]:
    """Yield a listener with TLS whose only rule asks the identity provider before it forwards."""
    identity = Identity(identity_environment(CACHE), ISSUER)
    with running_yard(tmp_path_factory.mktemp("auth") / "emulator", identity) as yard:
        yard.run("python", "-c", f"open('/opt/shelf/web.py', 'w').write({WEB!r})")
        assert yard.change("UPDATE", Count="1") == "UPDATE_COMPLETE"
        provider = Provider(yard.emulator.internet, ISSUER)
        _authenticate(yard, *provider.register(CALLBACK))
        site = AuthenticatedSite(yard, provider)
        yard.until(site.is_open)
        yield site


def _authenticate(yard: Yard, client: str, secret: str) -> None:
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
    config = {
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
            {"Type": "authenticate-oidc", "Order": 1, "AuthenticateOidcConfig": config},
            {"Type": "forward", "Order": 2, "TargetGroupArn": yard.outputs["TargetGroup"]},
        ],
    )


def _cookie(session: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(session).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "x"}]
)
def test_a_foreign_page_adds_no_user_at_the_provider(site: AuthenticatedSite, headers: dict[str, str]) -> None:
    """Its administration is for programs; its pages are for those who follow a link to them."""
    browser = site.browser()
    assert browser.send("PUT", f"{ISSUER}/users/intruder", json={}, headers=headers).status_code == 403
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert browser.send("GET", f"{ISSUER}/.well-known/openid-configuration", headers=link).status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/health", "/api/v2/dags", "/oauth2/../health", "//health", "/%6f"])
def test_without_a_session_every_request_is_redirected_to_the_provider(
    site: AuthenticatedSite, method: str, path: str
) -> None:
    """For every method and path, and with forged headers, the target answers nothing."""
    answer = site.browser().send(method, SITE + path, headers=FORGED)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{ISSUER}/oauth2/authorize?")
    assert answer.content == b""


@pytest.mark.parametrize("forged", ["", "x", _cookie(CLAIMS), f'"{_cookie(CLAIMS)}"'])
def test_a_forged_session_is_refused(site: AuthenticatedSite, forged: str) -> None:
    """Only a cookie that the load balancer has set is accepted."""
    browser = site.browser()
    assert browser.send("GET", SITE, headers={"Cookie": f"{COOKIE}-0={forged}"}).status_code == 302
    assert browser.send("GET", SITE, headers={"Cookie": f"{COOKIE}={forged}"}).status_code == 302


def test_the_target_gets_the_identity_from_the_load_balancer(site: AuthenticatedSite) -> None:
    """And not from the one who comes: what they claim in the same header fields stays behind."""
    text = site.log_in("ada").send("GET", SITE, headers=FORGED).text.lower()
    assert "'x-amzn-oidc-identity': 'ada'" in text
    assert "'x-amzn-oidc-data': 'ey" in text
    assert "boss" not in text
    assert "made-up" not in text


def test_a_callback_counts_once(site: AuthenticatedSite) -> None:
    """A second browser gets no session from a used callback address or from an invented one."""
    site.provider.add_user("eve", email="eve@example.com")
    browser = site.browser()
    back = browser.follow("POST", browser.open("/").url, data={"sub": "eve"}, until=CALLBACK).url
    assert browser.open(back).status == 200
    for url in (back, f"{CALLBACK}?code=x&state=y", f"{CALLBACK}?code=x", CALLBACK):
        other = site.browser()
        answer = other.send("GET", url)
        assert answer.status_code == 401
        assert not other.browser.cookies


def test_an_unknown_code_fails_the_login(site: AuthenticatedSite) -> None:
    """The login fails, with the status that AWS gives."""
    site.provider.add_user("eve", email="eve@example.com")
    browser = site.browser()
    back = browser.follow("POST", browser.open("/").url, data={"sub": "eve"}, until=CALLBACK).url
    code = back.partition("code=")[2].partition("&")[0]
    assert browser.send("GET", back.replace(code, "another")).status_code == 561
    assert browser.send("GET", SITE).status_code == 302


def test_a_rule_of_a_template_keeps_its_authentication(site: AuthenticatedSite) -> None:
    """CloudFormation hands the whole action to the load balancer."""
    elbv2 = site.yard.client("elbv2")
    balancer = elbv2.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
    listener = elbv2.describe_listeners(LoadBalancerArn=balancer)["Listeners"][0]["ListenerArn"]
    config = {"Issuer": ISSUER, "AuthorizationEndpoint": ISSUER, "TokenEndpoint": ISSUER, "UserInfoEndpoint": ISSUER}
    authenticate = {**config, "ClientId": "of-a-template", "ClientSecret": "secret"}
    properties = {
        "ListenerArn": listener,
        "Priority": 50,
        "Conditions": [{"Field": "host-header", "HostHeaderConfig": {"Values": ["other.example.org"]}}],
        "Actions": [
            {"Type": "authenticate-oidc", "Order": 1, "AuthenticateOidcConfig": authenticate},
            {"Type": "forward", "Order": 2, "TargetGroupArn": site.yard.outputs["TargetGroup"]},
        ],
    }
    rule = {"Rule": {"Type": "AWS::ElasticLoadBalancingV2::ListenerRule", "Properties": properties}}
    stack = site.yard.create("rule", rule)
    actions = [one for found in elbv2.describe_rules(ListenerArn=listener)["Rules"] for one in found["Actions"]]
    configs = [one["AuthenticateOidcConfig"]["ClientId"] for one in actions if "AuthenticateOidcConfig" in one]
    assert "of-a-template" in configs
    assert site.yard.delete(stack) == "DELETE_COMPLETE"


def test_a_load_balancer_without_a_way_to_its_provider_answers_that(site: AuthenticatedSite) -> None:
    """It exchanges the code itself, so its own egress rules count; MiniStack asks from outside of the network."""
    ec2, group = site.yard.client("ec2"), site.yard.outputs["Group"]
    everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    site.provider.add_user("cut-off", email="cut-off@example.com")
    browser = site.browser()
    page = browser.open("/")
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=everything)
    try:
        met = browser.consent(page, "cut-off")
    finally:
        ec2.authorize_security_group_egress(GroupId=group, IpPermissions=everything)
    assert (met.status, "does not reach the identity provider" in met.text) == (500, True)
