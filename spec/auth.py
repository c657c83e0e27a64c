"""The `auth` section: who may log in."""

from typing import Annotated, Literal

from pydantic import Field

from spec.section import Section

Username = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.@-]{1,64}$")]
Email = Annotated[str, Field(pattern=r"^[^@\s']+@[^@\s']+\.[^@\s']+$", max_length=254)]
PersonName = Annotated[str, Field(pattern=r"^[^\x00-\x1f]{1,64}$")]


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


class Auth(Section):
    """Who may log in."""

    kind: Literal["password"] = "password"
    """`password`: users and password hashes live in Airflow's own database. Default password."""

    admin: Admin = Admin()
    """The first user, with the role Admin."""
