"""The login with an identity provider, inside every Airflow release."""

import json

import pytest

from spec.releases.table import Release
from tests.runtime.conftest import Home

# The accounts are in memory instead of in the database of the release.
LINKS = """
import json
from types import SimpleNamespace
from windsock_runtime import login
manager = login.login_settings()["SECURITY_MANAGER_CLASS"]
names = {"ann": "ann", "bo": "google_7", "cy": "cy", "di": "machine"}
accounts = [SimpleNamespace(username=names[one], email=f"{one}@example.com", is_active=one != "cy") for one in names]
def find_user(username=None, email=None):
    return next((one for one in accounts if username == one.username or email == one.email), None)
known = SimpleNamespace(find_user=find_user, update_user=lambda user: None)
def come(subject, email):
    try:
        login._claim_account(known, {"username": f"google_{subject}", "email": email})
    except login.RefusedError as refused:
        return str(refused)
    holder = find_user(email=email)
    return holder and holder.username
print(json.dumps([manager.__name__, come("1", "ann@example.com"), come("1", "ann@example.com"),
    come("2", "ann@example.com"), come("8", "bo@example.com"), come("3", "cy@example.com"),
    come("4", "di@example.com"), come("9", "new@example.com")]))
"""
SETTINGS = {
    "WINDSOCK_AUTH_KIND": "google",
    "WINDSOCK_AUTH_ISSUER": "https://accounts.google.com",
    "WINDSOCK_AUTH_ALLOWED_DOMAINS": "example.com",
    "WINDSOCK_AUTH_MACHINE": "machine",
}
TAKEN = (
    "The account with the address {}@example.com belongs to somebody else at the identity provider. "
    "An administrator can delete it, or change its address."
)
DEACTIVATED = "The account of cy@example.com is deactivated."

pytestmark = pytest.mark.airflow


def test_an_account_is_linked_once_and_belongs_to_its_subject(home: Home, release: Release) -> None:
    """Another subject with the same address is told what an administrator can do."""
    manager, first, again, *others = json.loads(
        home.run(LINKS, {**SETTINGS, "WINDSOCK_AUTH_SECURITY_MANAGER": release.web.security_manager})[-1]
    )
    assert (manager, first, again) == ("LoginElsewhere", "google_1", "google_1")
    assert others == [TAKEN.format("ann"), TAKEN.format("bo"), DEACTIVATED, TAKEN.format("di"), None]
