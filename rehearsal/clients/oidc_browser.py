"""A person who logs in at an identity provider: follows redirects from site to provider and back, as a browser does."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import requests

from rehearsal.clients.oidc_provider import Internet
from rehearsal.host.errors import RehearsalFailure

TIMEOUT = (5, 30)
MOST_HOPS = 12
REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True)
class Arrival:
    """Where a person ended up: the address, every address on the way, status, headers and text of the page."""

    url: str
    hops: tuple[str, ...]
    status: int
    text: str


class OidcBrowser:
    """One person with one browser, on the internet of a rehearsal."""

    def __init__(self, internet: Internet, site: str) -> None:
        self.site = site.rstrip("/")
        self.browser = internet.browser()

    def open(self, path: str, **arguments: Any) -> Arrival:
        """Open a page of the site, or any address, and follow where it leads."""
        return self.follow("GET", urljoin(self.site, path), **arguments)

    def consent(self, arrival: Arrival, subject: str) -> Arrival:
        """Say at the identity provider's page who one is, and be sent back."""
        return self.follow("POST", arrival.url, data={"sub": subject})

    def log_in(self, path: str, subject: str, **arguments: Any) -> Arrival:
        """Go from the site's login to the identity provider, consent there, and come back."""
        return self.consent(self.open(path, **arguments), subject)

    def send(self, method: str, url: str, **arguments: Any) -> requests.Response:
        """Ask once, following nothing."""
        try:
            return self.browser.request(method, url, timeout=TIMEOUT, allow_redirects=False, **arguments)
        except requests.RequestException as error:
            raise RehearsalFailure(
                f"{method} {url} got no answer.",
                f"{type(error).__name__}: {error}",
                "Look whether the web server runs.",
            ) from error

    def follow(self, method: str, url: str, *, until: str = "", **arguments: Any) -> Arrival:
        """Ask and go where one is led, at most up to an address that begins with `until`, which is not opened."""
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
        return Arrival(url, tuple(hops), answer.status_code, answer.text)
