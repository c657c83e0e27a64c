"""A browser that logs in at an identity provider: it follows redirects from the site to the provider and back."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import requests

from rehearsal.clients.oidc_provider import Internet
from rehearsal.host.errors import RehearsalFailure

TIMEOUT = (5, 30)
MOST_HOPS = 12
REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """The page at the end of all redirects: its address, every address before it, status and text."""

    url: str
    hops: tuple[str, ...]
    status: int
    text: str


class OidcBrowser:
    """One browser with its own cookies, in the network of a rehearsal."""

    def __init__(self, internet: Internet, site: str) -> None:
        self.site = site.rstrip("/")
        self.browser = internet.browser()

    def open(self, path: str, **arguments: Any) -> Arrival:
        """Open a page of the site, or any address, and follow its redirects."""
        return self.follow("GET", urljoin(self.site, path), **arguments)

    def consent(self, arrival: Arrival, subject: str) -> Arrival:
        """Log in as a subject at the identity provider's page, and follow the redirects back."""
        return self.follow("POST", arrival.url, data={"sub": subject})

    def log_in(self, path: str, subject: str, **arguments: Any) -> Arrival:
        """Go from the site's login to the identity provider, consent there, and come back."""
        return self.consent(self.open(path, **arguments), subject)

    def send(self, method: str, url: str, **arguments: Any) -> requests.Response:
        """Send one request; follow no redirect."""
        try:
            return self.browser.request(method, url, timeout=TIMEOUT, allow_redirects=False, **arguments)
        except requests.RequestException as error:
            raise RehearsalFailure(
                f"{method} {url} got no answer.",
                f"{type(error).__name__}: {error}",
                "Look whether the web server runs.",
            ) from error

    def follow(self, method: str, url: str, *, until: str = "", **arguments: Any) -> Arrival:
        """Send a request and follow redirects; an address that begins with `until` is not opened."""
        hops = [url]
        answer = self.send(method, url, **arguments)
        while answer.status_code in REDIRECTS:
            url = urljoin(url, answer.headers["Location"])
            hops.append(url)
            if until and url.startswith(until):
                break
            if len(hops) > MOST_HOPS:
                raise RehearsalFailure("The site leads in circles.", "\n".join(hops), "Look at the web server's log.")
            answer = self.send("GET", url)
        return Arrival(url=url, hops=tuple(hops), status=answer.status_code, text=answer.text)
