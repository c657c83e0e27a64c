"""The kind `oidc` of the `auth` section: people log in at any OpenID Connect provider."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from spec.section import Violation, refuse
from spec.sections.logins.identity_provider import Endpoints, IdentityProvider, check_redirect
from spec.sections.web import Web

_ISSUER_PATTERN = r"https://[^\s?#]+"


def _issuer(value: str) -> str:
    if not re.fullmatch(_ISSUER_PATTERN, value):
        refuse(
            f"{value} is no issuer",
            hint="write it as its discovery document does, such as https://login.example.com/realms/data",
        )
    return value


Issuer = Annotated[str, AfterValidator(_issuer), Field(json_schema_extra={"pattern": f"^{_ISSUER_PATTERN}$"})]


class Oidc(IdentityProvider):
    """People log in at any OpenID Connect provider."""

    kind: Literal["oidc"]
    """`oidc`: people log in at an OpenID Connect provider and are signed up the first time."""

    issuer: Issuer
    """Address of the provider, exactly as `issuer` in its discovery document, which lies below this address.
    No default."""

    endpoints: Endpoints | None = None
    """Addresses that `web.load_balancer_auth` needs, since a template cannot ask the provider. Default none."""

    def check_web(self, web: Web, /) -> Iterator[Violation]:
        """Yield why the identity provider could not send people back to this site, or the load balancer not find it."""
        yield from check_redirect(self.kind, web)
        if web.has_load_balancer and web.load_balancer_auth and self.endpoints is None:
            yield Violation(
                "the load balancer needs auth.endpoints, since a template cannot ask the issuer",
                f"copy them from {self.issuer.rstrip('/')}/.well-known/openid-configuration to auth.endpoints",
                ("web", "load_balancer_auth"),
            )
