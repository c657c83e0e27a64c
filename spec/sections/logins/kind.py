"""What the rest of Windsock asks of every kind of login."""

from collections.abc import Iterator
from typing import Protocol

from spec.section import Violation
from spec.sections.logins.identity_provider import Endpoints
from spec.sections.logins.users import Admin, Machine
from spec.sections.web import Web


class LoginKind(Protocol):
    """One kind of login: what all kinds answer, whatever keys their sections have."""

    @property
    def kind(self) -> str:
        """The word for this kind in the YAML."""
        ...

    @property
    def first_user(self) -> Admin | Machine:
        """The user that a deployment creates."""
        ...

    @property
    def federated(self) -> bool:
        """Whether people log in at an identity provider."""
        ...

    @property
    def issuer(self) -> str:
        """Address of the identity provider; empty for a kind without provider."""
        ...

    @property
    def oauth_client(self) -> str | None:
        """Name of the secret that holds the OAuth client; None for a kind without client."""
        ...

    @property
    def endpoints(self) -> Endpoints | None:
        """Addresses of the identity provider, as far as the YAML has them; None for a kind without provider."""
        ...

    @property
    def notices(self) -> tuple[str, ...]:
        """What the author of the YAML should know although nothing is wrong."""
        ...

    def check_web(self, web: Web, /) -> Iterator[Violation]:
        """Yield why nobody could log in on this site; paths begin at the top of the YAML."""
        ...
