"""The kind `google` of the `auth` section: people log in with their Google account."""

from collections.abc import Iterator
from typing import Literal

from spec.section import Violation
from spec.sections.logins.identity_provider import Endpoints, IdentityProvider, check_redirect
from spec.sections.web import Web

GOOGLE_ISSUER = "https://accounts.google.com"


class Google(IdentityProvider):
    """People log in with their Google account."""

    kind: Literal["google"]
    """`google`: people log in with their Google account and are signed up the first time."""

    @property
    def issuer(self) -> str:
        """Address of the provider; the discovery document lies below it."""
        return GOOGLE_ISSUER

    @property
    def endpoints(self) -> Endpoints:
        """The addresses that the load balancer uses. Source: Google's discovery document."""
        return Endpoints(
            authorization="https://accounts.google.com/o/oauth2/v2/auth",
            token="https://oauth2.googleapis.com/token",  # noqa: S106  # an address, not a password
            user_info="https://openidconnect.googleapis.com/v1/userinfo",
        )

    def check_web(self, web: Web, /) -> Iterator[Violation]:
        """Yield why the identity provider could not send people back to this site."""
        return check_redirect(self.kind, web)
