"""Attempts to log in, right and wrong, at a site with single sign-on."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from playwright.sync_api import Page

from rehearsal.clients.oidc_browser import Arrival, OidcBrowser
from rehearsal.clients.oidc_provider import Internet, Provider

DOMAIN = "example.com"
PEOPLE: dict[str, dict[str, Any]] = {
    "viewer": {"email": f"viewer@{DOMAIN}"},
    "outsider": {"email": "outsider@elsewhere.invalid"},
    "lookalike": {"email": f"evil@{DOMAIN}.elsewhere.invalid"},
    "subdomain": {"email": f"evil@sub.{DOMAIN}"},
    "two-signs": {"email": f"evil@elsewhere.invalid@sub{DOMAIN}"},
    "unverified": {"email": f"unverified@{DOMAIN}", "email_verified": False},
    "nobody": {},
    "late": {"email": f"late@{DOMAIN}", "exp": 1_000_000_000},
    "foreign": {"email": f"foreign@{DOMAIN}", "aud": "another-client"},
    "impostor": {"email": f"impostor@{DOMAIN}", "iss": "https://impostor.invalid"},
    "replayer": {"email": f"replayer@{DOMAIN}", "nonce": "of-another-login"},
    "silent": {"email": f"silent@{DOMAIN}", "email_verified": None},
    "kelvin": {"email": f"\u212aim@{DOMAIN}"},
    "namesake": {"email": f"viewer@{DOMAIN}"},
    "asked-elsewhere": {"email": f"asker@{DOMAIN}", "azp": "another-client"},
    "private": {"email": f"private@{DOMAIN}", "hd": None},
}


@dataclass(frozen=True, kw_only=True)
class Site:
    """A site, its identity provider, and the paths of its release; `base` is the path below which Airflow lies."""

    url: str
    base: str
    internet: Internet
    provider: Provider
    prefix: str
    kind: str

    @property
    def pages(self) -> str:
        """The address below which Airflow's pages and its API lie."""
        return f"{self.url}{self.base}"

    @property
    def login(self) -> str:
        """The path that redirects to the identity provider."""
        return f"{self.prefix}/login/{self.kind}"

    @property
    def private(self) -> str:
        """A page that nobody sees who is not logged in."""
        return f"{self.prefix}/users/list/"

    @property
    def callback(self) -> str:
        """The path to which the identity provider redirects."""
        return f"{self.url}{self.prefix}/oauth-authorized/{self.kind}"

    def new_browser(self) -> OidcBrowser:
        """Return a browser that the site has not seen."""
        return OidcBrowser(self.internet, self.url)

    def know(self, subject: str, **claims: Any) -> None:
        """Make a person known to the identity provider, with a verified address unless it is said otherwise."""
        usual = {"email_verified": True, "hd": DOMAIN, "given_name": subject.capitalize()}
        self.provider.add_user(
            subject, **{name: value for name, value in {**usual, **claims}.items() if value is not None}
        )


@dataclass(frozen=True)
class Attempt:
    """One attempt to get in by a wrong way: its name, what is done, and whether it got in (which no attempt may)."""

    name: str
    try_it: Callable[[Site], tuple[bool, str]]


def is_inside(site: Site, browser: OidcBrowser) -> bool:
    """Whether a person has got a session: a page opens that nobody sees without one."""
    return "/login" not in browser.open(site.private).url


def answer_of(arrival: Arrival) -> str:
    """Return the message of a page, shortened, or its status."""
    for words in (
        "is not of example.com",
        "has not verified",
        "was meant for somebody else",
        "is deactivated",
        "is not of the organisation",
        "belongs to somebody else",
        "An account without an address",
        "The request to sign in was denied",
        "Invalid login",
        "not authorized",
    ):
        if words in arrival.text:
            return f"“… {words} …”"
    return f"status {arrival.status}"


def private_account(site: Site) -> tuple[bool, str]:
    """Log in with an allowed address that is of no organisation, which Google alone tells."""
    return as_subject("private")(site) if site.kind == "google" else (False, "nothing that this provider tells")


def as_subject(subject: str) -> Callable[[Site], tuple[bool, str]]:
    """Log in the right way as somebody who may not come in."""

    def try_it(site: Site) -> tuple[bool, str]:
        site.know(subject, **PEOPLE[subject])
        browser = site.new_browser()
        arrival = browser.log_in(site.login, subject)
        return is_inside(site, browser), answer_of(arrival)

    return try_it


def namesake(site: Site) -> tuple[bool, str]:
    """Log in as another subject that has got the address of an account."""
    site.know("viewer", **PEOPLE["viewer"])
    site.new_browser().log_in(site.login, "viewer")
    return as_subject("namesake")(site)


def callback_of(site: Site, browser: OidcBrowser, subject: str = "viewer") -> str:
    """Go to the identity provider and back, but stop before the site hears of it."""
    site.know(subject, **PEOPLE[subject])
    login = browser.open(site.login)
    return browser.follow("POST", login.url, data={"sub": subject}, until=site.callback).url


def changed(url: str, **values: str) -> str:
    """Return the address with some of its query changed."""
    parts = urlsplit(url)
    query = {key: value for key, (value, *_) in parse_qs(parts.query).items()} | values
    return urlunsplit(parts._replace(query=urlencode(query)))


def tampered_state(site: Site) -> tuple[bool, str]:
    """Come back with a state that the site never gave out."""
    browser = site.new_browser()
    arrival = browser.open(changed(callback_of(site, browser), state="eyJhbGciOiJIUzI1NiJ9.e30.AAAA"))
    return is_inside(site, browser), answer_of(arrival)


def stolen_callback(site: Site) -> tuple[bool, str]:
    """Open in a second browser the address with which a first one was sent back."""
    victim, thief = site.new_browser(), site.new_browser()
    arrival = thief.open(callback_of(site, victim))
    return is_inside(site, thief), answer_of(arrival)


def replayed_code(site: Site) -> tuple[bool, str]:
    """Use a code twice, the second time in a login of one's own."""
    first, second = site.new_browser(), site.new_browser()
    url = callback_of(site, first)
    first.open(url)
    mine = callback_of(site, second)
    arrival = second.open(changed(mine, code=parse_qs(urlsplit(url).query)["code"][0]))
    return is_inside(site, second), answer_of(arrival)


def open_redirect(site: Site) -> tuple[bool, str]:
    """Log in by a link that wants to lead on to another site."""
    site.know("viewer", **PEOPLE["viewer"])
    led = []
    for target in (
        "https://elsewhere.invalid/",
        "//elsewhere.invalid/",
        "/\\elsewhere.invalid/",
        "javascript:alert(1)",
    ):
        browser = site.new_browser()
        login = browser.open(f"{site.login}?{urlencode({'next': target})}")
        callback = browser.follow("POST", login.url, data={"sub": "viewer"}, until=site.callback).url
        led.append(browser.send("GET", callback).headers.get("Location", ""))
    away = [where for where in led if _leads_away(site, where)]
    return bool(away), "led to " + ", ".join(sorted({urlsplit(where).path or "/" for where in led}))


def _leads_away(site: Site, where: str) -> bool:
    # A browser takes a backslash for a slash.
    parts = urlsplit(where.replace("\\", "/"))
    return parts.scheme not in {"", "https"} or parts.netloc not in {"", urlsplit(site.url).netloc}


def forged_headers(site: Site) -> tuple[bool, str]:
    """Say that one came by another name, without TLS, from elsewhere: does the site believe it?"""
    browser = site.new_browser()
    forged = {
        "X-Forwarded-Host": "elsewhere.invalid",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Port": "80",
        "X-Forwarded-Prefix": "/elsewhere",
        "X-Forwarded-For": "127.0.0.1",
        "Forwarded": "for=127.0.0.1;host=elsewhere.invalid;proto=http",
    }
    answer = browser.send("GET", site.url + site.login, headers=forged)
    redirect = parse_qs(urlsplit(answer.headers.get("Location", "")).query).get("redirect_uri", [""])[0]
    return redirect != site.callback, f"redirect_uri {redirect or 'none'}"


def forged_host(site: Site) -> tuple[bool, str]:
    """Request a site of another name from the load balancer."""
    answer = site.new_browser().send("GET", site.url + site.login, headers={"Host": "elsewhere.invalid"})
    return answer.status_code != 404, f"status {answer.status_code}"


def internal(path: str) -> Callable[[Site], tuple[bool, str]]:
    """Ask for what only tasks, or developers of Airflow, need."""

    def try_it(site: Site) -> tuple[bool, str]:
        answer = site.new_browser().send("GET", site.pages + path)
        return answer.status_code < 300, f"status {answer.status_code}"

    return try_it


def without_tls(site: Site) -> tuple[bool, str]:
    """Come without TLS."""
    answer = site.new_browser().send("GET", site.url.replace("https://", "http://") + site.login)
    where = answer.headers.get("Location", "")
    return answer.status_code != 301 or not where.startswith("https://"), f"{answer.status_code} to {where[:40]}"


def other_redirect(site: Site) -> tuple[bool, str]:
    """Request a code for another site."""
    browser = site.new_browser()
    authorize = browser.send("GET", site.url + site.login).headers["Location"]
    arrival = browser.open(changed(authorize, redirect_uri="https://elsewhere.invalid/oauth-authorized/google"))
    return arrival.status < 400, f"the provider says {arrival.status}"


def forged_session(site: Site) -> tuple[bool, str]:
    """Bring a session that the site did not sign."""
    browser = site.new_browser()
    for name in ("session", "_token"):
        browser.browser.cookies.set(name, "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb", domain=urlsplit(site.url).hostname)
    return is_inside(site, browser), "asked to log in"


def to_provider(page: Page, site: Site) -> None:
    """Follow the only link of Airflow's login page."""
    page.get_by_text(re.compile(rf"Sign In with\s*{site.kind}", re.IGNORECASE)).first.click()
    page.wait_for_url(lambda url: not url.startswith(site.url))


def consent(page: Page, subject: str) -> None:
    """Say at the identity provider who one is, and wait until one is back."""
    page.fill("input[name=sub]", subject)
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(re.compile(r"airflow\.example\.com"))
    page.wait_for_load_state()


ATTEMPTS = (
    Attempt("an address of another domain", as_subject("outsider")),
    Attempt("an address that begins like an allowed one", as_subject("lookalike")),
    Attempt("an address of a subdomain", as_subject("subdomain")),
    Attempt("an address with two @", as_subject("two-signs")),
    Attempt("an allowed address that the provider has not verified", as_subject("unverified")),
    Attempt("an allowed address of which the provider does not say that it is verified", as_subject("silent")),
    Attempt("an address with a letter that lower case makes ASCII", as_subject("kelvin")),
    Attempt("the address of somebody else's account", namesake),
    Attempt("an account outside of the organisation", private_account),
    Attempt("an account without an address", as_subject("nobody")),
    Attempt("an ID token that has expired", as_subject("late")),
    Attempt("an ID token meant for another client", as_subject("foreign")),
    Attempt("an ID token that another client asked for", as_subject("asked-elsewhere")),
    Attempt("an ID token of another issuer", as_subject("impostor")),
    Attempt("an ID token of another login (nonce)", as_subject("replayer")),
    Attempt("a state that was tampered with", tampered_state),
    Attempt("the callback of somebody else's login", stolen_callback),
    Attempt("a code used a second time", replayed_code),
    Attempt("a link that leads on to another site", open_redirect),
    Attempt("forged X-Forwarded-* headers", forged_headers),
    Attempt("another Host header", forged_host),
    Attempt("the API of tasks", internal("/execution/health")),
    Attempt("the API of tasks, with an escape in its path", internal("/%65xecution/health")),
    Attempt("the API of tasks, by way of another folder", internal("/static/../execution/health")),
    Attempt("a description of the APIs", internal("/openapi.json")),
    Attempt("a page about the APIs", internal("/docs")),
    Attempt("a request without TLS", without_tls),
    Attempt("another redirect URI at the provider", other_redirect),
    Attempt("a session of one's own making", forged_session),
)
