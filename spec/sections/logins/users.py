"""The users that a deployment creates: the first administrator, or the user of programs."""

import difflib
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field

from spec.section import Section, refuse

Username = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.@-]{1,64}$")]
Email = Annotated[str, Field(pattern=r"^[!-&(-?A-~]+@[!-&(-?A-~]+\.[!-&(-?A-~]+$", max_length=254)]
"""ASCII only: lower case makes ASCII letters of some others, and an address must never become another person's."""
PersonName = Annotated[
    str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+$", max_length=64)
]
"""Without control characters, also those that change the direction of text."""
Role = Literal["Admin", "Op", "User", "Viewer", "Public"]
"""The roles that every Airflow has."""
AIRFLOW_ROLES: tuple[str, ...] = get_args(Role)


def _role_name(value: str) -> str:
    near = difflib.get_close_matches(value.capitalize(), AIRFLOW_ROLES, n=1, cutoff=0.75)
    if near and value not in AIRFLOW_ROLES:
        refuse(
            f"{value!r} is too close to Airflow's own role {near[0]}",
            hint=f"write {near[0]}, or give a role of your own another name",
        )
    return value


RoleName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$"), AfterValidator(_role_name)]
"""A role of Airflow's own, or one that an administrator made in Airflow."""


class Admin(Section):
    """The first user; the password is generated and kept in Secrets Manager."""

    username: Username = "airflow"
    """Login name, 1 to 64 letters, digits and `_.@-`. Default airflow."""

    email: Email = "admin@airflow.org"
    """E-mail address of the user record. Default admin@airflow.org."""

    first_name: PersonName = "Apache"
    """First name of the user record. Default Apache."""

    last_name: PersonName = "Airflow"
    """Last name of the user record. Default Airflow."""

    @property
    def role(self) -> Role:
        """What the first user may do."""
        return "Admin"


class Machine(Section):
    """The user of programs that call the REST API while people log in at an identity provider.

    Its password is generated.
    """

    username: Username = "machine"
    """Login name, 1 to 64 letters, digits and `_.@-`. Default machine."""

    email: Email = "machine@airflow.org"
    """E-mail address of the user record. Default machine@airflow.org."""

    role: Role = "Op"
    """What programs may do: Admin, Op, User, Viewer or Public. Default Op."""

    @property
    def first_name(self) -> PersonName:
        """First name of the user record."""
        return "REST"

    @property
    def last_name(self) -> PersonName:
        """Last name of the user record."""
        return "API"
