"""Single sign-on over TLS, on three releases and below a path: who is let in, with which role, and who is refused."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import BrowserContext, expect

from acceptance.logins.oidc_checks import row_of
from rehearsal.clients.oidc_browser import Arrival, OidcBrowser
from tests.life.conftest import Take
from tests.life.kept import ROOT, Kept, keep
from tests.life.logins import ATTEMPTS, PEOPLE, Site, consent, is_inside, to_provider

pytestmark = pytest.mark.airflow

DOCS = ROOT / "docs" / "logins"
ENVIRONMENTS = {
    "2.5.3": "tests/life/google-2.5.yaml",
    "2.11.2": "tests/life/oidc-2.11.yaml",
    "3.3.2": "tests/life/google-3.yaml",
    "3.3.2-path": "tests/life/oidc-3-path.yaml",
}
PROGRAMS = ("/api/v1/security/login", "/auth/token/cli")
"""Where a program could give a password."""
OLD_PASSWORD = "correct-horse-battery"
PAGE = """# Attempted logins, Airflow {release}

Written by `tests/life/test_login.py` from what happened: every attempt was made in a rehearsal of
`{environment}`, over TLS, at a load balancer whose address is not loopback.

A new user is signed up and inside after {hops} redirects.

| attempt | got in | what happened |
|---|---|---|
{rows}
"""


NEWEST = "3.3.2"
"""The one that make test looks at; the others are for make endurance."""


@pytest.fixture(
    scope="module",
    params=[pytest.param(one, marks=() if one == NEWEST else pytest.mark.endurance) for one in ENVIRONMENTS],
)
def release(request: pytest.FixtureRequest) -> str:
    """One Airflow release after the other; a word may follow on how it is set up."""
    return str(request.param)


@pytest.fixture(scope="module")
def kept(release: str) -> Iterator[Kept]:
    """Its environment, rehearsed with every check and left running; the end takes it down."""
    kept = keep(ENVIRONMENTS[release], "--dag", "tutorial_taskflow_api")
    yield kept
    done = kept.run("teardown", str(kept.environment), "--yes")
    assert done.returncode == 0, done.stderr


def test_a_first_login_leads_to_the_provider_and_back(
    window: BrowserContext, site: Site, release: str, take: Take
) -> None:
    """The site redirects to its login, from there to the identity provider, and back."""
    site.know("ada", email="ada@example.com", family_name="Lovelace")
    page = window.new_page()
    page.goto(site.url + site.private)
    assert "/login" in page.url
    take(page, f"{release}-oauth-login")

    to_provider(page, site)
    take(page, f"{release}-oauth-provider")
    consent(page, "ada")

    page.goto(site.pages + ("/dags" if release.startswith("3") else "/home"))
    expect(page.get_by_text("tutorial_taskflow_api").first).to_be_visible(timeout=30_000)
    take(page, f"{release}-oauth-inside")


def test_a_refused_login_says_why(window: BrowserContext, site: Site, release: str, take: Take) -> None:
    """A user of another domain reads which domains are allowed."""
    site.know("outsider", **PEOPLE["outsider"])
    page = window.new_page()
    page.goto(site.url + site.private)
    to_provider(page, site)
    consent(page, "outsider")

    expect(page.get_by_text("outsider@elsewhere.invalid is not of example.com").first).to_be_visible()
    take(page, f"{release}-oauth-refused")


def test_roles_follow_the_groups(site: Site) -> None:
    """Roles of the groups come with the first login, and change with the groups at the next."""
    site.know("grace", email="grace@example.com", groups=["operators", "unknown"])
    site.new_browser().log_in(site.login, "grace")
    assert _role(site, "grace@example.com") == {"Op", "Viewer"}

    site.know("grace", email="grace@example.com", groups=["makers"])
    site.new_browser().log_in(site.login, "grace")
    assert _role(site, "grace@example.com") == {"User", "Viewer"}


def test_a_thin_token_is_completed_by_user_info(site: Site) -> None:
    """Address and names that the ID token lacks come from the UserInfo endpoint."""
    told_there = ["email", "email_verified", "given_name", "family_name"]
    site.know("thin", email="thin@example.com", family_name="Spare", only_at_user_info=told_there)
    browser = site.new_browser()
    browser.log_in(site.login, "thin")
    assert is_inside(site, browser)
    assert _role(site, "thin@example.com") == {"Viewer"}


def test_a_deactivated_user_cannot_log_in(window: BrowserContext, site: Site, release: str, take: Take) -> None:
    """An admin has deactivated the account."""
    site.know("leaver", email="leaver@example.com")
    browser = site.new_browser()
    browser.log_in(site.login, "leaver")
    assert is_inside(site, browser)

    site.know("admin", email="me@example.com")
    page = window.new_page()
    page.goto(site.url + site.private)
    to_provider(page, site)
    consent(page, "admin")
    page.goto(site.url + site.private)
    row = page.locator("tr", has_text="leaver@example.com")
    row.locator("a[href*='/edit/']").first.click()
    page.locator("#active").uncheck()
    page.locator("button[type=submit]").last.click()
    page.wait_for_load_state()
    take(page, f"{release}-oauth-deactivated")

    arrival = site.new_browser().log_in(site.login, "leaver")
    assert "leaver@example.com is deactivated" in arrival.text
    assert not is_inside(site, browser)


def test_no_attempt_gets_in(site: Site, release: str, golden: Callable[[Path, str], None]) -> None:
    """Every wrong way in is closed; the page in docs/ says so for a site at the top of its host."""
    site.know("hopper", email="hopper@example.com")
    arrival = site.new_browser().log_in(site.login, "hopper")
    outcomes = {attempt.name: attempt.try_it(site) for attempt in ATTEMPTS}
    assert not [name for name, (inside, _) in outcomes.items() if inside]

    if site.base:
        return
    rows = "\n".join(f"| {name} | no | {said} |" for name, (_, said) in outcomes.items())
    hops = len(arrival.hops) - 1
    text = PAGE.format(release=release, environment=ENVIRONMENTS[release], hops=hops, rows=rows)
    golden(DOCS / f"airflow-{release}.md", text)


def test_programs_reach_the_rest_api(kept: Kept, site: Site, release: str) -> None:
    """A program with the generated password does, over TLS; without it, or with another, nobody does."""
    api = site.pages + ("/api/v2/dags" if release.startswith("3") else "/api/v1/dags")
    password = kept.admin_password()

    assert _call(site, api, release, password).status_code == 200
    assert _call(site, api, release, password[::-1]).status_code in {401, 403}
    assert site.internet.browser().get(api, timeout=30).status_code in {401, 403}


def test_an_old_password_opens_nothing(kept: Kept, site: Site, release: str) -> None:
    """An Admin with a password of Airflow's own gets in by it nowhere: at no page, and not by way of the REST API."""
    who = "--role Admin --username old --email old@example.com --firstname Old --lastname Hand"
    kept.command(f"airflow users create {who} --password {OLD_PASSWORD}")
    api = site.pages + ("/api/v2/dags" if release.startswith("3") else "/api/v1/dags")
    for name in ("old", "old@example.com"):
        assert _call(site, api, release, OLD_PASSWORD, name).status_code in {401, 403}

    browser = site.new_browser()
    browser.send("GET", api, auth=("old", OLD_PASSWORD))
    assert not is_inside(site, browser)
    form = {"username": "old", "password": OLD_PASSWORD}
    for path in (f"{site.prefix}/login/", f"{site.prefix}/login/db", *(site.base + path for path in PROGRAMS)):
        browser.send("POST", site.url + path, json={**form, "provider": "db"})
        answer = _post_form(browser, site, path, form)
        assert "access_token" not in answer.text
        assert not is_inside(site, browser)


def test_cookies_are_secure_and_bound_to_the_site(site: Site) -> None:
    """What proves who one is goes over TLS only, to no script, and with no request that another site starts."""
    site.know("ada", email="ada@example.com", family_name="Lovelace")
    browser = site.new_browser()
    browser.log_in(site.login, "ada")
    cookies = [cookie for cookie in browser.browser.cookies if "airflow.example.com" in cookie.domain]

    assert cookies
    assert all(cookie.secure for cookie in cookies)
    session = next(cookie for cookie in cookies if cookie.name == "session")
    assert session.has_nonstandard_attr("HttpOnly")
    assert session.get_nonstandard_attr("SameSite") == "Lax"


def test_every_answer_tells_browsers_to_be_careful(site: Site) -> None:
    """Pages, the login, what is not there: TLS only, no guessing of types, no frames of other sites."""
    for path in (f"{site.prefix}/login/", site.private, "/nowhere", f"{site.base}/execution/health"):
        headers = site.new_browser().send("GET", site.url + path).headers
        assert headers["Strict-Transport-Security"] == "max-age=31536000", path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["X-Frame-Options"] == "SAMEORIGIN", path
        assert "frame-ancestors 'self'" in headers["Content-Security-Policy"], path


def test_an_environment_switches_to_passwords_and_back(kept: Kept, site: Site, release: str, tmp_path: Path) -> None:
    """A running environment goes from Google to passwords and back; meanwhile nobody is locked out."""
    if release != "2.5.3":
        pytest.skip("one release is enough: the way is the same on all")
    google = kept.environment.read_text(encoding="utf-8")
    password = google[: google.index("auth:")].replace("0.0.0.0/0", "203.0.113.0/24")

    gone = kept.deploy(password, tmp_path)
    assert gone.returncode == 0, gone.stderr
    assert _lets_in_by_password(kept, site)

    refused = kept.deploy(google, tmp_path)
    assert refused.returncode == 1
    assert site.callback in refused.stderr
    assert _lets_in_by_password(kept, site)

    client = "\n".join(site.provider.register(site.callback))
    stored = kept.run("secrets", "set", "env.yaml", "oauth", checkout=tmp_path, typed=client)
    assert stored.returncode == 0, stored.stderr
    back = kept.deploy(google, tmp_path)
    assert back.returncode == 0, back.stderr
    assert not _lets_in_by_password(kept, site)
    site.know("ada", email="ada@example.com", family_name="Lovelace")
    browser = site.new_browser()
    browser.log_in(site.login, "ada")
    assert is_inside(site, browser)


def _lets_in_by_password(kept: Kept, site: Site) -> bool:
    browser = site.new_browser()
    form = {"username": "airflow", "password": kept.admin_password()}
    _post_form(browser, site, f"{site.prefix}/login/", form)
    return is_inside(site, browser)


def _post_form(browser: OidcBrowser, site: Site, path: str, form: dict[str, str]) -> Arrival:
    page = browser.open(f"{site.prefix}/login/")
    token = re.search(r'csrf_token"[^>]*value="([^"]+)"', page.text)
    data = {**form, "csrf_token": token[1] if token else ""}
    return browser.follow("POST", site.url + path, data=data, headers={"Referer": page.url})


def _role(site: Site, email: str) -> set[str]:
    site.know("admin", email="me@example.com")
    admin = site.new_browser()
    admin.log_in(site.login, "admin")
    cells = row_of(admin.open(site.private).text, email)
    return set(re.findall(r"\b(?:Admin|Op|User|Viewer|Public)\b", cells))


def _call(site: Site, api: str, release: str, password: str, user: str = "machine") -> requests.Response:
    program = site.internet.browser()
    if not release.startswith("3"):
        return program.get(api, auth=(user, password), timeout=30)
    token = program.post(f"{site.pages}/auth/token", json={"username": user, "password": password}, timeout=30)
    if not token.ok:
        return token
    return program.get(api, headers={"Authorization": f"Bearer {token.json()['access_token']}"}, timeout=30)
