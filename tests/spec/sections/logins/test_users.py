"""The users that a deployment creates have names that Airflow and a shell take."""

import pytest

from spec.sections.logins.password import Password
from tests.spec.minimal import minimal, refused


def test_usual_names_and_addresses_are_taken() -> None:
    """Usual names and addresses are taken, accents included."""
    auth = minimal(more="auth: {admin: {username: a.b@c, email: z@example.com, first_name: Zoë, last_name: O}}\n").auth
    assert isinstance(auth, Password)
    assert (auth.admin.username, auth.admin.first_name, auth.first_user.role) == ("a.b@c", "Zoë", "Admin")


@pytest.mark.parametrize(
    "field",
    [
        "username: 'a b'",
        "username: ''",
        "email: nobody",
        'email: "o\'b@x.org"',
        'first_name: "a\\tb"',
        'email: "\u212aim@x.org"',
        'first_name: "a\\u202eb"',
        'last_name: "a\\x9bb"',
    ],
)
def test_names_that_break_a_shell_or_airflow_are_refused(field: str) -> None:
    """Such names are a fault at their key."""
    assert refused(more=f"auth: {{admin: {{{field}}}}}\n").path == f"auth.admin.{field.partition(':')[0]}"
