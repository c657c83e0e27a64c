"""The administration of the identity provider in an emulator: adds clients and users."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import requests

from rehearsal.host.errors import RehearsalFailure

TIMEOUT = (5, 30)
PAGES = {"authorization": "/oauth2/authorize", "token": "/oauth2/token", "user_info": "/userinfo"}


@dataclass(frozen=True)
class Identity:
    """The identity provider of a session: the virtualenv of its program, its issuer, and further addresses.

    `addresses` has those of `authorization`, `token` and `user_info` that its discovery document does not have.
    """

    environment: Path
    issuer: str
    addresses: Mapping[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, Any]:
        """The emulator's settings for it."""
        every = [urlsplit(address) for address in (self.issuer, *self.addresses.values())]
        aliases = {urlsplit(address).path: PAGES[page] for page, address in self.addresses.items()}
        return {
            "identity_environment": str(self.environment),
            "identity_issuer": self.issuer,
            "identity_hosts": tuple(dict.fromkeys(address.hostname or "" for address in every)),
            "identity_aliases": aliases,
        }


@dataclass(frozen=True)
class Internet:
    """How a browser reaches the emulator's names: through a proxy, with trust in the emulator's authority."""

    proxy: str
    authority: Path

    def browser(self) -> requests.Session:
        """Open a browser without cookies."""
        session = requests.Session()
        session.trust_env = False
        session.proxies = {"http": self.proxy, "https": self.proxy}
        session.verify = str(self.authority)
        return session


@dataclass(frozen=True)
class Provider:
    """Requests to the provider's administration."""

    internet: Internet
    issuer: str

    def register(self, *redirect_uris: str) -> tuple[str, str]:
        """Add a client with exactly these redirect URIs; return its id and secret."""
        answer = self._ask("POST", "/oauth2/clients", {"redirect_uris": list(redirect_uris)})
        return answer["client_id"], answer["client_secret"]

    def add_user(self, subject: str, **claims: Any) -> None:
        """Add a user with these claims, or replace the claims."""
        self._ask("PUT", f"/users/{quote(subject, safe='')}", {"iss": self.issuer, **claims})

    def _ask(self, method: str, path: str, body: dict[str, Any]) -> Any:
        try:
            answer = self.internet.browser().request(method, self.issuer.rstrip("/") + path, json=body, timeout=TIMEOUT)
            answer.raise_for_status()
            return answer.json() if answer.content else None
        except requests.RequestException as error:
            raise RehearsalFailure(
                "The identity provider of the rehearsal does not answer as it should.",
                f"{type(error).__name__}: {error}",
                "Look at identity.log in the directory of the rehearsal.",
            ) from error
