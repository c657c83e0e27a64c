"""Checks a site whose people log in at an identity provider: who is signed up, with which role, and who is refused."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast
from urllib.parse import urlsplit

from acceptance.steps import Steps
from compiler.contract import alb_auth_address, site_url
from rehearsal.clients.oidc_browser import Arrival, OidcBrowser
from rehearsal.clients.oidc_provider import Provider
from rehearsal.host.errors import RehearsalFailure
from spec.environment import Environment
from spec.sections.auth import Google, Oidc

NEWCOMER, OUTSIDER, ALB_USER = "newcomer", "outsider", "visitor"
ADMIN, ADMIN_SUBJECT = "Admin", "admin"
FOREIGN_DOMAIN = "elsewhere.invalid"
HTTP_ERRORS = 400
HOP_CHARACTERS = 120

FORGED_HEADERS = {f"X-Amzn-Oidc-{name}": "admin" for name in ("Identity", "Accesstoken", "Data")}
"""Header fields in which a load balancer tells its targets who somebody is."""


def auth_of(env: Environment) -> Google | Oidc:
    """Return the section `auth` of an environment whose people log in at an identity provider."""
    return cast("Google | Oidc", env.auth)


def pass_load_balancer(
    env: Environment, provider: Provider, steps: Steps, explain: Callable[[], Iterable[str]]
) -> dict[str, str]:
    """Check that without a session of the load balancer every path leads to the identity provider; then get one.

    Returns the cookies of that session. It makes nobody a user of Airflow.
    """
    with steps.step("gate", "Logging in at the load balancer", explain) as notes:
        browser = OidcBrowser(provider.internet, site_url(env) or "")
        closed, provider_page = closed_paths(env), alb_auth_address(env)
        for path in closed:
            for headers in ({}, FORGED_HEADERS):
                met = browser.follow("GET", browser.site + path, until=provider_page, headers=headers)
                _expect(met.url.startswith(provider_page), f"the load balancer let somebody through to {path}", met)
        _register_user(provider, ALB_USER, f"{ALB_USER}@{FOREIGN_DOMAIN}")
        passed = browser.consent(browser.open(closed[0]), ALB_USER)
        _expect(passed.url.startswith(browser.site), "who has logged in was not let through", passed)
        notes.saw = f"closed without a session: {', '.join(closed)}"
    return {cookie.name: cookie.value or "" for cookie in browser.browser.cookies}


def closed_paths(env: Environment) -> tuple[str, ...]:
    """Return paths that the load balancer must not let through: pages and, unless it is left out, the REST API."""
    web, path = env.airflow.release.web, env.airflow.base_path
    api = (f"{path}{web.api_path}/dags", f"{path}{web.auth_prefix}/token", f"{path}{web.health_path}")
    pages = (f"{path}{web.auth_prefix}/login/", "/", users_path(env))
    return pages if env.web.ungated_api else (*pages, *api)


def sign_people_up(env: Environment, provider: Provider, steps: Steps, explain: Callable[[], Iterable[str]]) -> None:
    """Log in as an admin, a newcomer and an outsider; refuse when the site treats one of them against the YAML."""
    with steps.step("sign-up", "Logging in as new users", explain) as notes:
        roles = _sign_up_allowed(env, provider)
        notes.saw = ", then ".join(f"{email} is {role}" for email, role in roles.items())
    with steps.step("outsider", "Logging in with an address of another domain", explain) as notes:
        outsider = f"{OUTSIDER}@{FOREIGN_DOMAIN}"
        met = _log_in(env, provider, OidcBrowser(provider.internet, site_url(env) or ""), OUTSIDER, outsider)
        _expect(not _is_inside(env, met) and outsider in met.text, f"{outsider} was not told why", met)
        notes.saw = f"{outsider} was refused, and told why"


def _sign_up_allowed(env: Environment, provider: Provider) -> Mapping[str, str]:
    """Log in as the first admin, if there is one, and as a newcomer; return their roles by address."""
    auth = auth_of(env)
    newcomer = f"{NEWCOMER}@{auth.allowed_domains[0]}"
    # The admin comes first: the roles are read in the admin's browser.
    roles = dict.fromkeys(auth.admins[:1], ADMIN) | {newcomer: auth.default_role}
    browsers = {email: OidcBrowser(provider.internet, site_url(env) or "") for email in roles}
    for email, browser in browsers.items():
        met = _log_in(env, provider, browser, NEWCOMER if email == newcomer else ADMIN_SUBJECT, email)
        _expect(_is_inside(env, met), f"{email} was not let in", met)
        if auth.admins:
            page = browsers[auth.admins[0]].open(users_path(env)).text
            _expect(roles[email] in row_of(page, email), f"{email} has not the role {roles[email]}", met)
    return roles


def read_as_admin(env: Environment, provider: Provider, path: str) -> str:
    """Return the text of a page for the first of the environment's admins, or for a newcomer if it has none.

    `path` is that of the page below the path of the site.
    """
    admins, page = auth_of(env).admins, f"{env.airflow.base_path}{path}"
    browser = OidcBrowser(provider.internet, site_url(env) or "")
    if admins:
        _register_user(provider, ADMIN_SUBJECT, admins[0])
    subject = ADMIN_SUBJECT if admins else NEWCOMER
    if env.web.load_balancer_auth:
        browser.consent(browser.open(page), subject)
    browser.log_in(login_path(env), subject)
    return browser.open(page).text


def somebody_is_admin(env: Environment) -> bool:
    """Whether somebody may see the pages of plugins; Airflow gives that right to no other role."""
    auth = auth_of(env)
    return bool(auth.admins) or auth.default_role == ADMIN


def login_path(env: Environment) -> str:
    """Return the path from which the site sends people to the identity provider."""
    return f"{env.airflow.base_path}{env.airflow.release.web.auth_prefix}/login/{env.auth.kind}"


def users_path(env: Environment) -> str:
    """Return the path of the list of users, which only an Admin sees."""
    return f"{env.airflow.base_path}{env.airflow.release.web.auth_prefix}/users/list/"


def row_of(page: str, email: str) -> str:
    """Return the row of a table of users that holds an address."""
    return next((row for row in re.split(r"<tr\b", page) if f">{email}<" in re.sub(r"\s+", "", row)), "")


def _log_in(env: Environment, provider: Provider, browser: OidcBrowser, subject: str, email: str) -> Arrival:
    _register_user(provider, subject, email)
    refused = browser.open(users_path(env))
    if env.web.load_balancer_auth:
        _expect(not refused.url.startswith(browser.site), "the load balancer let somebody through", refused)
        refused = browser.consent(refused, subject)
    _expect("/login" in refused.url, "a page was shown to nobody in particular", refused)
    return browser.log_in(login_path(env), subject)


def _register_user(provider: Provider, subject: str, email: str) -> None:
    organisation = email.rpartition("@")[2]
    claims: dict[str, Any] = {"email": email, "email_verified": True, "hd": organisation}
    provider.add_user(subject, **claims, given_name=subject.capitalize(), family_name="Rehearsed")


def _is_inside(env: Environment, arrival: Arrival) -> bool:
    here, site = urlsplit(arrival.url), urlsplit(site_url(env) or "")
    return arrival.status < HTTP_ERRORS and here.netloc == site.netloc and "/login" not in here.path


def _expect(holds: object, failure: str, arrival: Arrival) -> None:
    if not holds:
        raise RehearsalFailure(
            f"At the login, {failure}.",
            f"The redirects: {' -> '.join(hop[:HOP_CHARACTERS] for hop in arrival.hops)}, status {arrival.status}.",
            "Look at `auth:` in the YAML, at the home's webserver_config.py and at the web server's log.",
        )
