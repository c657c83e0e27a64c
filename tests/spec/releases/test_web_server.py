"""The web server of every release says how people and programs log in."""

import pytest

from spec.releases.table import RELEASES, Release


@pytest.mark.parametrize("release", RELEASES.values(), ids=list(RELEASES))
def test_every_release_can_be_logged_in_to(release: Release) -> None:
    """There is a class that signs people up, a way in for programs, and an option for the site's address."""
    web = release.web
    assert web.security_manager.startswith("airflow.")
    assert web.login == "token" or "basic_auth" in str(web.machine_login["api"]["auth_backends"])
    assert web.base_url[1] == "base_url"
    assert any(keys["cookie_secure"] is True for keys in web.https.values())
