"""The kind `oidc` of the `auth` section: people log in at any OpenID Connect provider."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from spec.section import Matching, Violation
from spec.sections.logins.identity_provider import Claim, Endpoints, IdentityProvider, check_redirect
from spec.sections.web import Web

Issuer = Annotated[
    str,
    Matching(
        pattern=r"https://[^\s?#]+",
        fault="is no issuer",
        hint="write it as its discovery document does, such as https://login.example.com/realms/data",
    ),
]


class Oidc(IdentityProvider):
    """People log in at any OpenID Connect provider."""

    kind: Literal["oidc"]
    """`oidc`: people log in at an OpenID Connect provider and are signed up the first time."""

    issuer: Issuer
    """Address of the provider, exactly as `issuer` in its discovery document, which lies below this address.
    No default."""

    email_claim: Claim = "email"
    """Claim that holds the e-mail address, such as upn, or a path to it. Default email."""

    assume_email_verified: bool = False
    """Whether an address counts as verified if the provider does not say. Choose true only for a provider that gives
    nobody an address of their own choice; its plain no is always a no. Default false."""

    endpoints: Endpoints | None = None
    """Addresses that `web.load_balancer_auth` needs, since a template cannot ask the provider. Default none."""

    @property
    def trust(self) -> Mapping[str, str]:
        """Settings of `runtime/identity.py` that say which claims to believe, as far as they are not the defaults."""
        named = {} if self.email_claim == "email" else {"EMAIL_CLAIM": self.email_claim}
        return named | ({"ASSUME_EMAIL_VERIFIED": "True"} if self.assume_email_verified else {})

    def check_web(self, web: Web, /) -> Iterator[Violation]:
        """Yield why the identity provider could not send people back to this site, or the load balancer not find it."""
        yield from check_redirect(self.kind, web)
        if web.has_load_balancer and web.load_balancer_auth and self.endpoints is None:
            yield Violation(
                "the load balancer needs auth.endpoints, since a template cannot ask the issuer",
                f"copy them from {self.issuer.rstrip('/')}/.well-known/openid-configuration to auth.endpoints",
                ("web", "load_balancer_auth"),
            )
