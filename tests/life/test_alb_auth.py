"""The load balancer demands a login before Airflow does: no path is reached without its session."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.life.conftest import Take
from tests.life.kept import Kept, keep, windsock
from tests.life.logins import PEOPLE, Site, answer_of, consent, is_inside, to_provider

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]

RELEASE = "2.11.2"
API = "/api/v1/dags"
PROVIDER = "https://accounts.google.com/o/oauth2/v2/auth?"
PATHS = (
    *("/", "/home", "/login/", "/login/google", "/users/list/", "/hello/", "/static/appbuilder/css/ab.css"),
    *("/health", "/api/v1/health", "/api/v1/version", API, "/api/v1/openapi.json", "/oauth-authorized/google?code=x"),
)
BOSS = {f"X-Amzn-Oidc-{name}": "me@example.com" for name in ("Identity", "Accesstoken", "Data")}
OWN_CERTIFICATE, EXAMPLE = "tests/life/own-certificate.yaml", "examples/google-oauth.yaml"
OPEN_TO_PROGRAMS = "closed without a session: /auth/login/, /, /auth/users/list/"
PORTS = ("--port", "0", "--endpoint-port", "0")


@pytest.fixture(scope="module")
def kept() -> Iterator[Kept]:
    """Keep the environment with a login at its load balancer; take it down at the end."""
    kept = keep("tests/life/alb-auth.yaml", "--dag", "tutorial_taskflow_api")
    yield kept
    done = kept.run("teardown", str(kept.environment), "--yes")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", PATHS)
def test_no_path_is_reached_without_a_session(kept: Kept, site: Site, path: str) -> None:
    """No page, no health and no API: a forged identity, the right password or another method change nothing."""
    machine = ("machine", kept.admin_password())
    for attempt in ({}, {"headers": BOSS}, {"auth": machine}, {"cookies": {"session": "x", "windsock-v1-0": "x"}}):
        for method in ("GET", "POST"):
            answer = site.new_browser().send(method, site.url + path, **attempt)
            assert answer.status_code == 302
            assert answer.headers["Location"].startswith(PROVIDER)
            assert answer.content == b""


def test_a_first_login_passes_the_load_balancer_and_signs_up_at_airflow(
    window: BrowserContext, site: Site, take: Take
) -> None:
    """The load balancer comes first, before Airflow shows anything."""
    site.know("ada", email="ada@example.com", family_name="Lovelace")
    page = window.new_page()
    page.goto(site.url + "/home")
    assert page.url.startswith(PROVIDER)
    take(page, f"{RELEASE}-oauth-gate")
    consent(page, "ada")
    assert "/login" in page.url
    to_provider(page, site)
    consent(page, "ada")

    page.goto(site.url + "/home")
    expect(page.get_by_text("tutorial_taskflow_api").first).to_be_visible(timeout=30_000)
    take(page, f"{RELEASE}-oauth-gate-inside")


def test_an_outsider_passes_the_load_balancer_but_not_airflow(site: Site) -> None:
    """The load balancer checks the identity, Airflow the domain; Airflow believes no header about that."""
    site.know("outsider", **PEOPLE["outsider"])
    outsider = site.new_browser()
    outsider.consent(outsider.open("/"), "outsider")
    assert answer_of(outsider.log_in(site.login, "outsider")) == "“… is not of example.com …”"
    assert not is_inside(site, outsider)

    outsider.browser.headers.update(BOSS)
    assert not is_inside(site, outsider)


def test_programs_need_a_session_and_a_password(kept: Kept, site: Site) -> None:
    """With a session of the load balancer the password still counts, and without a password the session is nothing."""
    machine = ("machine", kept.admin_password())
    site.know("visitor", email="visitor@elsewhere.invalid")
    program = site.new_browser()
    program.consent(program.open("/"), "visitor")
    assert program.send("GET", site.url + API).status_code in {401, 403}
    assert program.send("GET", site.url + API, auth=machine).status_code == 200


def test_status_is_healthy_behind_the_load_balancers_login(kept: Kept) -> None:
    """`status` and `deploy` look at it from outside, where nobody is let in."""
    status = kept.run("status", str(kept.environment), "--json")
    assert status.returncode == 0, status.stderr
    assert json.loads(status.stdout)["well"] is True


@pytest.mark.parametrize(("environment", "saw_at_alb"), [(OWN_CERTIFICATE, OPEN_TO_PROGRAMS), (EXAMPLE, "")])
def test_other_sites_rehearse_without_leftovers(environment: str, saw_at_alb: str) -> None:
    """One with a certificate of its own and an API without the login, and the example; nothing is left."""
    done = windsock("rehearse", environment, *PORTS, "--dag", "tutorial_taskflow_api", "--json")

    assert done.returncode == 0, done.stderr
    proof = json.loads(done.stdout)
    assert proof["left"] == []
    saw = {step["name"]: step["saw"] for step in proof["acts"]}
    assert ("oauth2/idpresponse" in saw["client"]) is bool(saw_at_alb)
    assert saw.get("gate", "") == saw_at_alb
    assert {"login", "sign-up", "outsider", "dags"} <= set(saw)
