"""What is looked at where people log in elsewhere: who is signed up, with which role, and who is not."""

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from cli.programme import Programme
from compiler.site import site_url
from rehearsal.errors import RehearsalFailure
from rehearsal.identity import Provider
from rehearsal.person import Arrival, Person
from spec.auth import Password
from spec.environment import Environment

NEWCOMER, OUTSIDER = "newcomer", "outsider"
ADMIN, ADMIN_SUBJECT = "Admin", "admin"
ELSEWHERE = "elsewhere.invalid"


def sign_people_up(
    env: Environment, provider: Provider, programme: Programme, explain: Callable[[], Iterable[str]]
) -> None:
    """Let a newcomer, an admin and an outsider come; refuse when one of them is not treated as the YAML says."""
    auth = env.auth
    if isinstance(auth, Password):
        return
    with programme.act("sign-up", "Logging in as people nobody has seen before", explain) as notes:
        newcomer = f"{NEWCOMER}@{auth.allowed_domains[0]}"
        met = _come(env, provider, NEWCOMER, newcomer)
        _expect(_is_inside(env, met), f"{newcomer} was not let in", met)
        roles = {newcomer: auth.default_role} | dict.fromkeys(auth.admins[:1], ADMIN)
        notes.saw = ", ".join(f"{email} is {role}" for email, role in roles.items())
        if auth.admins:
            page = read_as_admin(env, provider, f"{env.airflow.release.web.auth_prefix}/users/list/")
            for email, role in roles.items():
                _expect(role in row_of(page, email), f"{email} has not the role {role}", met)
    with programme.act("outsider", "Logging in with an address of another domain", explain) as notes:
        outsider = f"{OUTSIDER}@{ELSEWHERE}"
        met = _come(env, provider, OUTSIDER, outsider)
        _expect(not _is_inside(env, met) and outsider in met.text, f"{outsider} was not told why", met)
        notes.saw = f"{outsider} was refused, and told why"


def read_as_admin(env: Environment, provider: Provider, path: str) -> str:
    """Return what a page says to the first of the environment's admins, or to a newcomer if it has none."""
    admins = () if isinstance(env.auth, Password) else env.auth.admins
    person = Person(provider.internet, site_url(env) or "")
    if admins:
        _make_known(provider, ADMIN_SUBJECT, admins[0])
    subject = ADMIN_SUBJECT if admins else NEWCOMER
    if env.web.load_balancer_auth:
        person.consent(person.open(path), subject)
    person.log_in(login_path(env), subject)
    return person.open(path).text


def login_path(env: Environment) -> str:
    """Return where the site sends people to the identity provider."""
    return f"{env.airflow.release.web.auth_prefix}/login/{env.auth.kind}"


def row_of(page: str, email: str) -> str:
    """Return the row of a table of users that holds an address."""
    return next((row for row in re.split(r"<tr\b", page) if f">{email}<" in re.sub(r"\s+", "", row)), "")


def _come(env: Environment, provider: Provider, subject: str, email: str) -> Arrival:
    _make_known(provider, subject, email)
    person = Person(provider.internet, site_url(env) or "")
    refused = person.open(f"{env.airflow.release.web.auth_prefix}/users/list/")
    if env.web.load_balancer_auth:
        _expect(not refused.url.startswith(person.site), "the load balancer let somebody through", refused)
        refused = person.consent(refused, subject)
    _expect("/login" in refused.url, "a page was shown to nobody in particular", refused)
    return person.log_in(login_path(env), subject)


def _make_known(provider: Provider, subject: str, email: str) -> None:
    claims: dict[str, Any] = {"email": email, "email_verified": True, "given_name": subject.capitalize()}
    provider.know(subject, **claims, family_name="Rehearsed")


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
