"""The identity provider on an emulator's internet, as whoever runs it sees it: makes clients and people known."""

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
    """What plays the provider: the environment of its program, its issuer, and addresses it has besides.

    `addresses` maps those of `authorization`, `token` and `user_info` that its discovery document does not give.
    """

    environment: Path
    issuer: str
    addresses: Mapping[str, str] = field(default_factory=dict)

    @property
    def told(self) -> dict[str, Any]:
        """What the emulator is told of it."""
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
    """The emulator's names as a browser reaches them: by a proxy, trusting the authority that certifies them."""

    proxy: str
    authority: Path

    def browser(self) -> requests.Session:
        """A browser without cookies."""
        session = requests.Session()
        session.trust_env = False
        session.proxies = {"http": self.proxy, "https": self.proxy}
        session.verify = str(self.authority)
        return session


@dataclass(frozen=True)
class Provider:
    """The provider's own desk."""

    internet: Internet
    issuer: str

    def register(self, *redirect_uris: str) -> tuple[str, str]:
        """Make a client known that may send people back to exactly these addresses; gives its id and secret."""
        answer = self._ask("POST", "/oauth2/clients", {"redirect_uris": list(redirect_uris)})
        return answer["client_id"], answer["client_secret"]

    def know(self, subject: str, **claims: Any) -> None:
        """Make a person known, or change what is known of one."""
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
