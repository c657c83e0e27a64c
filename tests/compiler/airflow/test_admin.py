"""The command that makes the first user."""

import shlex

from compiler.airflow.admin import create_admin
from spec.sections.auth import Admin, Machine


def test_the_password_is_typed_not_passed() -> None:
    """The password is named once for each time it is asked for, and goes in by stdin, after no flag."""
    typed, _, command = create_admin(Admin()).partition(" | ")
    assert typed.count('"$ADMIN_PASSWORD"') == 2
    assert command.startswith("airflow users create ")
    assert "PASSWORD" not in command.upper()


def test_names_survive_the_shell() -> None:
    """Whatever a name contains, it stays one word and runs nothing."""
    admin = Admin(first_name="Zoë $(id)", last_name="O'Neill; true")
    words = shlex.split(create_admin(admin).partition(" | ")[2])
    fields = dict(zip(words[3::2], words[4::2], strict=True))
    assert fields == {
        "--role": "Admin",
        "--username": admin.username,
        "--email": admin.email,
        "--firstname": admin.first_name,
        "--lastname": admin.last_name,
    }


def test_a_program_is_no_admin() -> None:
    """Its role may not exist yet on a fresh database, so the roles are made first."""
    roles, _, rest = create_admin(Machine()).partition(" && ")
    assert roles == "airflow sync-perm"
    assert "--role Op --username machine" in rest
