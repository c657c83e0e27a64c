"""A rehearsal finds the pages of a login at an identity provider, and reads roles from the list of users."""

from acceptance.logins.oidc_checks import closed_paths, login_path, row_of, somebody_is_admin, users_path
from tests.spec.minimal import GOOGLE, SITE, minimal

PAGE = """
<table><tr><th>Email</th></tr>
<tr class="a"><td>a@example.com</td><td>[Viewer]</td></tr>
<tr class="b"><td>
  ba@example.com</td><td>[Admin]</td></tr></table>
"""


def test_the_login_path_follows_the_release() -> None:
    """Airflow 2 has it at its root."""
    assert login_path(minimal(more=GOOGLE)) == "/login/google"


def test_the_load_balancer_is_tried_with_every_closed_path() -> None:
    """With pages, health and API; without the API where programs may pass."""
    env = minimal(more=GOOGLE)
    assert set(closed_paths(env)) == {"/", "/login/", users_path(env), "/health", "/api/v1/dags", "/token"}
    open_api = GOOGLE.replace(SITE, SITE.replace("}", ", load_balancer_auth: true, ungated_api: true}"))
    assert set(closed_paths(minimal(more=open_api))) == {"/", "/login/", "/users/list/"}


def test_pages_of_plugins_are_for_admins() -> None:
    """Nobody sees them unless the YAML names an admin, or everybody gets that role."""
    assert not somebody_is_admin(minimal(more=GOOGLE))
    assert somebody_is_admin(minimal(more=GOOGLE.replace("]}", "], admins: [me@example.com]}")))
    assert somebody_is_admin(minimal(more=GOOGLE.replace("]}", "], default_role: Admin}")))


def test_a_row_is_found_by_its_whole_address() -> None:
    """An address that ends like another does not stand for it."""
    assert "Viewer" in row_of(PAGE, "a@example.com")
    assert "Admin" in row_of(PAGE, "ba@example.com")
    assert row_of(PAGE, "c@example.com") == ""
