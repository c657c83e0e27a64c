"""The user's webserver_config.py inside every release: read as it is, with the login of the YAML laid over it."""

import json
from typing import Any

import pytest

from spec.releases.table import Release
from tests.runtime.conftest import Home

READS_SETTINGS = """
import json, flask
from windsock_runtime import webserver_config
app = flask.Flask("test")
app.config.from_pyfile(webserver_config.__file__)
names = ("APP_THEME", "AUTH_TYPE", "NAMED", "OAUTH_PROVIDERS", "PLACE", "WTF_CSRF_ENABLED", "WTF_CSRF_TIME_LIMIT")
print(json.dumps({name: app.config[name] for name in names if name in app.config}, default=str))
"""
OWN = """
import os.path
import sibling

APP_THEME = "simplex.css"
AUTH_TYPE = 2
NAMED = sibling.NAME
PLACE = os.path.basename(__file__)
not_a_setting = 1
"""
DATABASE, LDAP, OAUTH = 1, 2, 4
FEDERATED = {
    "KIND": "google",
    "ISSUER": "https://accounts.google.com",
    "ALLOWED_DOMAINS": "example.com",
    "CLIENT_ID": "id",
    "CLIENT_SECRET": "secret",
    "DEFAULT_ROLE": "Viewer",
    "MACHINE": "machine",
}

pytestmark = pytest.mark.airflow


def _settings(home: Home, more: dict[str, str] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(home.run(READS_SETTINGS, more)[-1])
    return found


@pytest.fixture
def own(home: Home) -> Home:
    """Return a home whose webserver_config.py imports a module beside it."""
    (home.folder / "config").mkdir()
    (home.folder / "config" / "webserver_config.py").write_text(OWN)
    (home.folder / "config" / "sibling.py").write_text("NAME = 'acme'\n")
    return home


def test_without_a_file_of_the_users_airflows_defaults_count(home: Home) -> None:
    """Those of the file that Airflow writes where there is none."""
    assert _settings(home) == {"AUTH_TYPE": DATABASE, "WTF_CSRF_ENABLED": True, "WTF_CSRF_TIME_LIMIT": None}


def test_the_users_settings_count_where_passwords_are_enough(own: Home) -> None:
    """Also how people log in; the file may import its neighbours and knows its name."""
    found = _settings(own, {"PYTHONPATH": _path(own)})
    assert found["APP_THEME"] == "simplex.css"
    assert (found["AUTH_TYPE"], found["NAMED"], found["PLACE"]) == (LDAP, "acme", "webserver_config.py")
    assert found["WTF_CSRF_ENABLED"] is True


def test_the_login_of_the_yaml_lies_over_the_users(release: Release, own: Home) -> None:
    """With an identity provider nobody gets in by other ways; all else of the file stays."""
    federated = {f"WINDSOCK_AUTH_{key}": value for key, value in FEDERATED.items()}
    federated["WINDSOCK_AUTH_SECURITY_MANAGER"] = release.web.security_manager
    found = _settings(own, {**federated, "PYTHONPATH": _path(own)})
    assert (found["AUTH_TYPE"], found["APP_THEME"]) == (OAUTH, "simplex.css")
    assert [provider["name"] for provider in found["OAUTH_PROVIDERS"]] == ["google"]


def test_the_file_may_be_elsewhere(own: Home) -> None:
    """As in Compose, where one file cannot be mounted into a folder that is mounted read-only."""
    (own.folder / "elsewhere.py").write_text("APP_THEME = 'cosmo.css'\n")
    more = {"WINDSOCK_WEBSERVER_CONFIG": str(own.folder / "elsewhere.py")}
    assert _settings(own, more)["APP_THEME"] == "cosmo.css"


def _path(home: Home) -> str:
    return f"{home.folder.parent / 'windsock'}:{home.folder / 'config'}"


WRITES_A_COOKIE = """
import flask
from flask.sessions import SecureCookieSessionInterface
from windsock_runtime import webserver_config
from airflow.providers.fab.www.session import AirflowSecureCookieSessionInterface
app = flask.Flask("test")
app.secret_key = "a key"
written = AirflowSecureCookieSessionInterface().get_signing_serializer(app).dumps({"_user_id": "1"})
print(SecureCookieSessionInterface().get_signing_serializer(app).loads(written))
"""


def test_pages_of_plugins_read_the_cookie_of_a_login(release: Release, home: Home) -> None:
    """They are another application of Flask, which reads what Flask itself would have written."""
    if not release.execution_api:
        pytest.skip("this release has one application for both")
    assert home.run(WRITES_A_COOKIE)[-1] == "{'_user_id': '1'}"
