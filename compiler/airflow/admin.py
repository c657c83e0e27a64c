"""The command that makes the first user of an environment."""

import shlex

from spec.sections.auth import Admin, Machine


def create_admin(admin: Admin | Machine) -> str:
    """Return the shell command that makes the first user; an existing one is left as it is.

    The password comes from the container's environment and is typed twice on stdin: it stands in no argument.
    """
    fields = (
        ("--role", admin.role),
        ("--username", admin.username),
        ("--email", admin.email),
        ("--firstname", admin.first_name),
        ("--lastname", admin.last_name),
    )
    # On a fresh database some releases have the role Admin only, until they are told to make the others.
    roles = "" if admin.role == "Admin" else "airflow sync-perm && "
    arguments = " ".join(f"{flag} {shlex.quote(value)}" for flag, value in fields)
    return f"""{roles}printf '%s\\n%s\\n' "$ADMIN_PASSWORD" "$ADMIN_PASSWORD" | airflow users create {arguments}"""
