"""What fits together of web, auth and network: who comes in where, and how they log in there."""

from collections.abc import Iterator

from spec.section import Violation
from spec.sections.auth import Auth, Oidc, Password
from spec.sections.network import Network
from spec.sections.web import Web

WHOLE_INTERNET = "0.0.0.0/0"


def check_site(web: Web, auth: Auth, *, region: str, account: str) -> Iterator[Violation]:
    """Yield what speaks against this login at this address."""
    if web.load_balancer == "none":
        yield from _unfit_without_balancer(web, auth)
        return
    yield from _unfit_login(web, auth)
    yield from _unfit_certificate(web, region=region, account=account)


def check_network(web: Web, auth: Auth, network: Network) -> Iterator[Violation]:
    """Yield what speaks against these networks for this way in."""
    cidrs = network.allowed_cidrs
    if WHOLE_INTERNET in cidrs and (isinstance(auth, Password) or web.domain is None):
        site = "a login with passwords" if web.domain else "a site without TLS"
        yield Violation(
            f"{WHOLE_INTERNET} opens {site} to the whole internet",
            "name the networks of your office or VPN, such as 203.0.113.0/24",
            ("allowed_cidrs", cidrs.index(WHOLE_INTERNET)),
        )
    if cidrs and web.load_balancer == "none":
        yield Violation(
            "nobody reaches the web server by the network without a load balancer",
            "remove this line: whoever may open a tunnel gets in",
            ("allowed_cidrs",),
        )
    if not cidrs and web.load_balancer != "none":
        yield Violation(
            "allowed_cidrs is missing",
            "name the networks that may reach the load balancer, such as 203.0.113.0/24",
            ("allowed_cidrs",),
        )


def _unfit_without_balancer(web: Web, auth: Auth) -> Iterator[Violation]:
    if web.domain:
        yield Violation(
            "without a load balancer nothing answers at a domain",
            "remove this line, or set web.load_balancer: application",
            ("web", "domain"),
        )
    if not isinstance(auth, Password):
        yield Violation(
            f"{auth.kind} cannot send people back to a site that only a tunnel reaches",
            "set web.load_balancer: application, or auth.kind: password",
            ("auth", "kind"),
        )


def _unfit_login(web: Web, auth: Auth) -> Iterator[Violation]:
    password = isinstance(auth, Password)
    if not password and web.domain is None:
        hint = "add web.domain, the host name of the site, such as airflow.example.com"
        yield Violation(f"{auth.kind} cannot send people back to a site without TLS", hint, ("auth", "kind"))
    if web.load_balancer_auth and password:
        hint = "choose google or oidc, or remove this line"
        yield Violation(
            "the load balancer would ask an identity provider, and a password needs none",
            hint,
            ("web", "load_balancer_auth"),
        )
    if web.load_balancer_auth and isinstance(auth, Oidc) and auth.endpoints is None:
        hint = f"copy them from {auth.issuer.rstrip('/')}/.well-known/openid-configuration to auth.endpoints"
        yield Violation(
            "the load balancer needs auth.endpoints, since a template cannot ask the issuer",
            hint,
            ("web", "load_balancer_auth"),
        )


def _unfit_certificate(web: Web, *, region: str, account: str) -> Iterator[Violation]:
    if web.certificate_arn and web.certificate_arn.split(":")[3] != region:
        hint = f"a load balancer takes certificates of its own region, {region}"
        yield Violation("this certificate is in another region", hint, ("web", "certificate_arn"))
    elif web.certificate_arn and web.certificate_arn.split(":")[4] != account:
        hint = f"a load balancer takes certificates of its own account, {account}"
        yield Violation("this certificate is in another account", hint, ("web", "certificate_arn"))
    if web.domain and not web.hosted_zone and not web.certificate_arn:
        hint = "add web.hosted_zone, or web.certificate_arn if the domain is not in Route 53"
        yield Violation("nothing could prove to ACM that the domain is yours", hint, ("web", "domain"))
