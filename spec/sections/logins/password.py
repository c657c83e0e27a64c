"""The kind `password` of the `auth` section: Airflow's own database knows everybody."""

from collections.abc import Iterator
from typing import Literal

from spec.section import Section, Violation
from spec.sections.logins.users import Admin
from spec.sections.web import Web


class Password(Section):
    """People log in with a password that Airflow's own database keeps."""

    kind: Literal["password"] = "password"
    """`password`: users and password hashes live in Airflow's own database. Default password."""

    admin: Admin = Admin()
    """The first user, with the role Admin."""

    @property
    def first_user(self) -> Admin:
        """The user that a deployment creates."""
        return self.admin

    @property
    def federated(self) -> bool:
        """Whether people log in at an identity provider."""
        return False

    @property
    def issuer(self) -> str:
        """Address of the identity provider; empty because there is no provider."""
        return ""

    @property
    def oauth_client(self) -> str | None:
        """Name of the secret that holds the OAuth client; None because there is no client."""
        return None

    @property
    def endpoints(self) -> None:
        """Addresses of the identity provider; None because there is no provider."""
        return

    @property
    def notices(self) -> tuple[str, ...]:
        """What the author of the YAML should know although nothing is wrong."""
        return ()

    def check_web(self, web: Web, /) -> Iterator[Violation]:
        """Yield why nobody could log in with a password on this site."""
        if web.has_load_balancer and web.load_balancer_auth:
            yield Violation(
                "the load balancer would ask an identity provider, and a password needs none",
                "choose google or oidc, or remove this line",
                ("web", "load_balancer_auth"),
            )
