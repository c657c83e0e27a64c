"""The first user's record is one that Airflow's command line takes."""

import pytest

from tests.spec.sound import bent, refused


def test_admin() -> None:
    """Usual names and addresses are taken, accents included."""
    admin = bent(
        more="auth: {admin: {username: a.b@c, email: z@example.com, first_name: Zoë, last_name: O}}\n"
    ).auth.admin
    assert (admin.username, admin.first_name) == ("a.b@c", "Zoë")


@pytest.mark.parametrize(
    "field", ["username: 'a b'", "username: ''", "email: nobody", 'email: "o\'b@x.org"', 'first_name: "a\\tb"']
)
def test_no_admin(field: str) -> None:
    """What a shell or Airflow would stumble over is refused."""
    assert refused(more=f"auth: {{admin: {{{field}}}}}\n").path == f"auth.admin.{field.partition(':')[0]}"
