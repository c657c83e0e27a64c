"""The browser of these tests, and the network of a rehearsal with single sign-on."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from rehearsal.clients.oidc_provider import Internet, Provider
from spec.reading.load import load
from tests.life.kept import ROOT, Kept
from tests.life.logins import Site

Take = Callable[[Page, str], None]

SCREENSHOTS, IMAGES = ROOT / "artifacts" / "screenshots", ROOT / "docs" / "images"
SHOWN = frozenset({"3.3.2-login", "3.3.2-dags", "3.3.2-oauth-refused"})
"""The screenshots that the docs show; they are written with --regold alone."""
SIZE: ViewportSize = {"width": 1400, "height": 900}
CHROMIUM_FLAGS = [
    "--no-sandbox",  # the tests may run as root, where Chromium has no sandbox
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if not executable:
        if os.environ.get("CI"):
            pytest.fail("CI must have a Chromium: apt-get install chromium")
        pytest.skip("no Chromium on this machine; apt-get install chromium brings the browser tests")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Yield a fresh window in which nobody is logged in."""
    context = browser.new_context(viewport=SIZE)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def site(kept: Kept) -> Site:
    """Return the site of the module's environment, and its identity provider."""
    env = load(kept.environment)
    internet = Internet(kept.web_url, Path(kept.variables["WINDSOCK_WEB_AUTHORITY"]))
    issuer = str(getattr(env.auth, "issuer", ""))
    return Site(
        url=f"https://{env.web.domain}",
        base=env.airflow.base_path,
        internet=internet,
        provider=Provider(internet, issuer),
        prefix=f"{env.airflow.base_path}{env.airflow.release.web.auth_prefix}",
        kind=env.auth.kind,
    )


@pytest.fixture
def window(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """Yield a browser on the internet of the rehearsal, in which nobody is logged in."""
    context = browser.new_context(viewport=SIZE, proxy={"server": site.internet.proxy}, ignore_https_errors=True)
    yield context
    context.close()


@pytest.fixture
def take(request: pytest.FixtureRequest) -> Take:
    """Return what keeps what a person sees, under the release and a word for the page."""
    folders = (SCREENSHOTS, IMAGES) if request.config.getoption("--regold") else (SCREENSHOTS,)

    def take(page: Page, name: str) -> None:
        for folder in folders:
            if folder == SCREENSHOTS or name in SHOWN:
                page.screenshot(path=folder / f"airflow-{name}.png")

    return take
