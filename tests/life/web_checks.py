"""What a visitor can do at the web server of a release without a login, with a wrong one, and after logging out."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import requests

from rehearsal.clients.airflow_client import CSRF_FIELD, LOGIN_FORMS, TOKEN_PATH
from spec.releases.table import Release

PAGE = """# What a visitor can do, Airflow {release}

Written by `tests/life/test_life.py` from what happened in a rehearsal of `{environment}`, whose login is a password and
which has no domain. The load balancer there has an address of its own: Airflow sees no peer on loopback.

| attempt | what happened |
|---|---|
{rows}
"""
TRIES = 15
"""More than the limiter grants to one address: five in forty seconds, counted by each of two processes."""
SECONDS = 30
LIMITED = 429
BLOCKED = 403
WRONG = "wrong-password"
PRIVATE = {
    "session": ("/home", "/users/list/", "/configuration", "/api/v1/dags", "/api/v1/connections"),
    "token": ("/api/v2/dags", "/api/v2/connections", "/auth/users/list/", "/ui/dags", "/execution/health", "/docs"),
}
"""What nobody sees without a login, by how programs log in to the release."""
HEADERS = ("X-Content-Type-Options", "X-Frame-Options", "Content-Security-Policy")
LOGOUT = "/api/v2/auth/logout"
_SERVED = 300


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """A browser at a site: no proxy of this machine, and no redirect that it follows by itself."""

    site: str
    release: Release
    user: str
    password: str = field(repr=False)
    put_web_acl: Callable[[], int]
    """Puts the web ACL of `web.waf` before the site, and returns how many passwords it lets an address try."""

    def rows(self) -> Iterator[tuple[str, str]]:
        """Yield each attempt and what happened."""
        for path in PRIVATE[self.release.web.login]:
            yield f"opens `{path}` without a login", _outcome(self._send("GET", path))
        answer = self._send("GET", self._form)
        for header in HEADERS:
            yield f"reads `{header}` of the login page", f"`{answer.headers.get(header, 'none')}`"
        yield "posts the login form of another page", _outcome(self._send("POST", self._form, data=self._typed("")))
        if self.release.web.login == "token":  # the form by which Airflow 2 logs out was not tried
            yield "uses what a browser had before it logged out", self._after_logging_out()
        yield "guesses at the login form, by a new `X-Forwarded-For` each time", self._guess()
        if self.release.web.login == "token":
            yield f"guesses at `{TOKEN_PATH}`", self._guess_tokens()
        limit = self.put_web_acl()
        if self.release.web.login == "token":
            yield f"guesses at `{TOKEN_PATH}`, behind `web.waf`", _stopped(limit, self._guess_token)
        browser = requests.Session()
        yield "guesses at the login form, behind `web.waf`", _stopped(limit, lambda: self._log_in(browser, WRONG))

    @property
    def _form(self) -> str:
        return LOGIN_FORMS[self.release.web.login]

    def _send(self, method: str, path: str, browser: requests.Session | None = None, **more: Any) -> requests.Response:
        """Send one request, without a browser by one that knows nothing yet."""
        session = browser or requests.Session()
        session.trust_env = False
        return session.request(method, self.site + path, timeout=SECONDS, allow_redirects=False, **more)

    def _typed(self, token: str, password: str | None = None) -> dict[str, str]:
        return {"username": self.user, "password": password or self.password, CSRF_FIELD: token}

    def _log_in(self, browser: requests.Session, password: str, number: int = 0) -> requests.Response:
        page = self._send("GET", self._form, browser).text
        found = re.search(rf'{CSRF_FIELD}"[^>]*value="([^"]+)"', page)
        form = self._typed(found[1] if found else "", password)
        return self._send("POST", self._form, browser, data=form, headers={"X-Forwarded-For": f"198.51.100.{number}"})

    def _after_logging_out(self) -> str:
        browser = requests.Session()
        self._log_in(browser, self.password)
        kept = {cookie.name: cookie.value or "" for cookie in browser.cookies}
        token = {"Authorization": f"Bearer {kept['_token']}"} if "_token" in kept else {}
        path = PRIVATE[self.release.web.login][0]
        inside = self._send("GET", path, cookies=kept, headers=token)
        assert inside.status_code < _SERVED, inside.text
        browser.get(self.site + LOGOUT, timeout=SECONDS)
        return _outcome(self._send("GET", path, cookies=kept, headers=token))

    def _guess(self) -> str:
        browser = requests.Session()
        statuses = [self._log_in(browser, WRONG, number).status_code for number in range(TRIES)]
        return _guessed(statuses)

    def _guess_tokens(self) -> str:
        return _guessed([self._guess_token().status_code for _ in range(TRIES)])

    def _guess_token(self) -> requests.Response:
        return self._send("POST", TOKEN_PATH, json={"username": self.user, "password": WRONG})


def _guessed(statuses: list[int]) -> str:
    limited = f"some refused with {LIMITED}" if LIMITED in statuses else "**none is refused for its number**"
    return f"{TRIES} attempts, {limited}"


def _stopped(limit: int, guess: Callable[[], requests.Response]) -> str:
    """Guess once more than the web ACL lets an address; those that came before count too."""
    refused = any(guess().status_code == BLOCKED for _ in range(limit + 1))
    return f"is refused with {BLOCKED} from some attempt on" if refused else "**goes on**"


def _outcome(answer: requests.Response) -> str:
    if answer.is_redirect:
        return "is sent to " + re.sub(r"\?.*", "", re.sub(r"^https?://[^/]+", "", answer.headers["Location"]))
    return f"status {answer.status_code}" + (": **is served**" if answer.status_code < _SERVED else "")


def render(visitor: Visitor, environment: str) -> str:
    """Return the page."""
    rows = "\n".join(f"| {attempt} | {happened} |" for attempt, happened in visitor.rows())
    return PAGE.format(release=visitor.release.version, environment=environment, rows=rows)
