"""What a rehearsal looks at where people log in elsewhere."""

from cli.sign_up import login_path, row_of
from tests.spec.sound import bent
from tests.spec.test_auth import GOOGLE

PAGE = """
<table><tr><th>Email</th></tr>
<tr class="a"><td>a@example.com</td><td>[Viewer]</td></tr>
<tr class="b"><td>
  ba@example.com</td><td>[Admin]</td></tr></table>
"""


def test_the_way_to_the_provider_is_that_of_the_release() -> None:
    """Airflow 2 has it at its root."""
    assert login_path(bent(more=GOOGLE)) == "/login/google"


def test_a_row_is_found_by_the_whole_address() -> None:
    """An address that ends like another does not stand for it."""
    assert "Viewer" in row_of(PAGE, "a@example.com")
    assert "Admin" in row_of(PAGE, "ba@example.com")
    assert row_of(PAGE, "c@example.com") == ""
