"""What is looked at where people log in elsewhere: who is signed up, with which role, and who is not."""

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from acceptance.steps import Steps
from compiler.contract import alb_auth_address, site_url
from rehearsal.clients.oidc_browser import Arrival, OidcBrowser
from rehearsal.clients.oidc_provider import Provider
from rehearsal.host.errors import RehearsalFailure
from spec.environment import Environment
from spec.sections.auth import Password

NEWCOMER, OUTSIDER, VISITOR = "newcomer", "outsider", "visitor"
ADMIN, ADMIN_SUBJECT = "Admin", "admin"
ELSEWHERE = "elsewhere.invalid"


FORGED = {f"X-Amzn-Oidc-{name}": "admin" for name in ("Identity", "Accesstoken", "Data")}
"""Header fields in which a load balancer tells its targets who somebody is."""


def pass_gate(
    env: Environment, provider: Provider, steps: Steps, explain: Callable[[], Iterable[str]]
) -> dict[str, str]:
    """Come without a session of the load balancer, which leads to nothing but the identity provider; then with one.

    Returns the cookies of that session. Being let through makes nobody a user of Airflow.
    """
    with steps.step("gate", "Passing the gate at the load balancer", explain) as notes:
        stranger = OidcBrowser(provider.internet, site_url(env) or "")
        closed, provider_page = closed_paths(env), alb_auth_address(env)
        for path in closed:
            for forged in ({}, FORGED):
                met = stranger.follow("GET", stranger.site + path, until=provider_page, headers=forged)
                _expect(met.url.startswith(provider_page), f"the load balancer let somebody through to {path}", met)
        _make_known(provider, VISITOR, f"{VISITOR}@{ELSEWHERE}")
        passed = stranger.consent(stranger.open(closed[0]), VISITOR)
        _expect(passed.url.startswith(stranger.site), "who has logged in was not let through", passed)
        notes.saw = f"closed without a session: {', '.join(closed)}"
    return {cookie.name: cookie.value or "" for cookie in stranger.browser.cookies}


def closed_paths(env: Environment) -> tuple[str, ...]:
    """Return what the gate at the load balancer is tried with: the health page, other pages, and the REST API."""
    web = env.airflow.release.web
    api = (f"{web.api_path}/dags", f"{web.auth_prefix}/token", web.health_path)
    pages = (f"{web.auth_prefix}/login/", "/", users_path(env))
    return pages if env.web.ungated_api else (*pages, *api)


def sign_people_up(env: Environment, provider: Provider, steps: Steps, explain: Callable[[], Iterable[str]]) -> None:
    """Let an admin, a newcomer and an outsider come; refuse when one of them is not treated as the YAML says."""
    auth = env.auth
    if isinstance(auth, Password):
        return
    with steps.step("sign-up", "Logging in as people nobody has seen before", explain) as notes:
        newcomer = f"{NEWCOMER}@{auth.allowed_domains[0]}"
        # The admin first, in whose browser the roles are read: nobody has to be there before an admin.
        roles = dict.fromkeys(auth.admins[:1], ADMIN) | {newcomer: auth.default_role}
        people = {email: OidcBrowser(provider.internet, site_url(env) or "") for email in roles}
        for email, person in people.items():
            met = _come(env, provider, person, NEWCOMER if email == newcomer else ADMIN_SUBJECT, email)
            _expect(_is_inside(env, met), f"{email} was not let in", met)
            if auth.admins:
                page = people[auth.admins[0]].open(users_path(env)).text
                _expect(roles[email] in row_of(page, email), f"{email} has not the role {roles[email]}", met)
        notes.saw = ", then ".join(f"{email} is {role}" for email, role in roles.items())
    with steps.step("outsider", "Logging in with an address of another domain", explain) as notes:
        outsider = f"{OUTSIDER}@{ELSEWHERE}"
        met = _come(env, provider, OidcBrowser(provider.internet, site_url(env) or ""), OUTSIDER, outsider)
        _expect(not _is_inside(env, met) and outsider in met.text, f"{outsider} was not told why", met)
        notes.saw = f"{outsider} was refused, and told why"


def read_as_admin(env: Environment, provider: Provider, path: str) -> str:
    """Return what a page says to the first of the environment's admins, or to a newcomer if it has none."""
    admins = () if isinstance(env.auth, Password) else env.auth.admins
    person = OidcBrowser(provider.internet, site_url(env) or "")
    if admins:
        _make_known(provider, ADMIN_SUBJECT, admins[0])
    subject = ADMIN_SUBJECT if admins else NEWCOMER
    if env.web.load_balancer_auth:
        person.consent(person.open(path), subject)
    person.log_in(login_path(env), subject)
    return person.open(path).text


def somebody_is_admin(env: Environment) -> bool:
    """Whether somebody may see the pages of plugins, to which Airflow gives no other role a right."""
    return isinstance(env.auth, Password) or bool(env.auth.admins) or env.auth.default_role == ADMIN


def login_path(env: Environment) -> str:
    """Return where the site sends people to the identity provider."""
    return f"{env.airflow.release.web.auth_prefix}/login/{env.auth.kind}"


def users_path(env: Environment) -> str:
    """Return where the site lists its users, to nobody but an Admin."""
    return f"{env.airflow.release.web.auth_prefix}/users/list/"


def row_of(page: str, email: str) -> str:
    """Return the row of a table of users that holds an address."""
    return next((row for row in re.split(r"<tr\b", page) if f">{email}<" in re.sub(r"\s+", "", row)), "")


def _come(env: Environment, provider: Provider, person: OidcBrowser, subject: str, email: str) -> Arrival:
    _make_known(provider, subject, email)
    refused = person.open(users_path(env))
    if env.web.load_balancer_auth:
        _expect(not refused.url.startswith(person.site), "the load balancer let somebody through", refused)
        refused = person.consent(refused, subject)
    _expect("/login" in refused.url, "a page was shown to nobody in particular", refused)
    return person.log_in(login_path(env), subject)


def _make_known(provider: Provider, subject: str, email: str) -> None:
    claims: dict[str, Any] = {"email": email, "email_verified": True, "given_name": subject.capitalize()}
    provider.add_user(subject, **claims, family_name="Rehearsed")


def _is_inside(env: Environment, arrival: Arrival) -> bool:
    here, site = urlsplit(arrival.url), urlsplit(site_url(env) or "")
    return arrival.status < 400 and here.netloc == site.netloc and "/login" not in here.path  # noqa: PLR2004


def _expect(well: object, complaint: str, arrival: Arrival) -> None:
    if not well:
        raise RehearsalFailure(
            f"At the login, {complaint}.",
            "The way was: " + " -> ".join(hop[:120] for hop in arrival.hops) + f", which said {arrival.status}.",
            "Look at airflow_home/webserver_config.py and at the web server's log.",
        )
