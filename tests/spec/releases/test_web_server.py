"""The web server of every release says how people and programs log in."""

import pytest

from spec.releases.table import RELEASES, Release


@pytest.mark.parametrize("release", RELEASES.values(), ids=list(RELEASES))
def test_every_release_has_a_login_for_users_and_programs(release: Release) -> None:
    """It has a class that signs users up, a login for programs, and an option for the address of the site."""
    web = release.web
    assert web.security_manager.startswith("airflow.")
    assert web.login == "token" or "basic_auth" in str(web.machine_login["api"]["auth_backends"])
    assert web.base_url[1] == "base_url"
    assert any(keys["cookie_secure"] is True for keys in web.https.values())
